import { useState } from 'react'
import type { Me } from '../api/account.js'
import { ThemeSwitch } from '../theme/theme-switch.js'
import { ProblemNotice } from '../ui/problem-notice.js'
import { useSignOut } from './session.js'

/** Foot of the navigation: who is signed in, appearance, sign out, version. */
export function Account({ me }: { me: Me }) {
  const leave = useSignOut()
  const [error, setError] = useState<unknown>(null)
  return (
    <div className="flex flex-col gap-3">
      {error !== null && <ProblemNotice error={error} />}
      <ThemeSwitch />
      <div className="flex items-center justify-between gap-2">
        <p className="min-w-0 text-sm">
          <span className="block truncate font-medium">{me.principal.name ?? me.principal.id}</span>
          <span className="hint block truncate">Parley {me.version}</span>
        </p>
        <button
          type="button"
          className="btn btn-quiet -mr-2 px-2"
          onClick={() => void leave().catch(setError)}
        >
          Sign out
        </button>
      </div>
    </div>
  )
}
