import type { ApiKey } from '../api/account.js'
import { ConfirmButton } from '../ui/confirm-button.js'
import { Moment } from '../ui/time.js'

/** One key: its name, what it may do, when it was used, and the way to end it. */
export function KeyRow({ apiKey, revoke }: { apiKey: ApiKey; revoke: () => Promise<void> }) {
  const { name, scopes, createdAt, lastUsedAt } = apiKey
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 px-5 py-4">
      <div className="min-w-0">
        <p className="font-medium [overflow-wrap:anywhere]">{name}</p>
        <p className="hint mt-0.5">
          Made <Moment iso={createdAt} /> ·{' '}
          {lastUsedAt ? (
            <>
              last used <Moment iso={lastUsedAt} />
            </>
          ) : (
            'never used'
          )}
        </p>
        <ul aria-label="Scopes" className="mt-2 flex flex-wrap gap-1.5">
          {scopes.map((scope) => (
            <li key={scope} className="badge">
              {scope === '*' ? 'everything' : scope}
            </li>
          ))}
        </ul>
      </div>
      <ConfirmButton
        label="Revoke"
        name={`Revoke ${name}`}
        title={`Revoke “${name}”?`}
        lead="Programs that use this key are refused from now on. This cannot be undone."
        confirm="Revoke key"
        act={revoke}
      />
    </li>
  )
}
