import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, Navigate } from '@tanstack/react-router'
import { type ReactNode, useEffect, useState } from 'react'
import { signIn } from '../api/account.js'
import { Problem } from '../api/problem.js'
import { meKey, useMe } from '../shell/session.js'
import { Centred } from '../shell/shell.js'
import icon from '../styles/icon.svg'
import { useTitle } from '../ui/page-header.js'
import { ProblemNotice } from '../ui/problem-notice.js'
import { readLinkCode, takeLinkCode } from './link-code.js'

/** Trades the code of an owner link for a session, or says how to get a link. */
export function SignInPage() {
  useTitle('Sign in')
  const code = useLinkCode()
  return (
    <Centred>
      <img src={icon} alt="" className="mb-5 size-11" width="44" height="44" />
      {code ? <Trade code={code} /> : <Explain />}
    </Centred>
  )
}

function Trade({ code }: { code: string }) {
  const queries = useQueryClient()
  // A query, not an effect: one code is traded once, whatever is rendered again.
  const trade = useQuery({
    queryKey: ['sign-in', code],
    queryFn: async () => {
      await signIn(code)
      await queries.resetQueries({ queryKey: meKey })
      return true
    },
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  })
  if (trade.isSuccess) return <Navigate to="/" replace />
  if (trade.isPending) return <p role="status">Signing in…</p>
  const canTryAgain =
    !(trade.error instanceof Problem) || trade.error.status === 0 || trade.error.status >= 500
  if (canTryAgain) return <ProblemNotice error={trade.error} retry={() => void trade.refetch()} />
  return <Refused error={trade.error} />
}

const reasons: Record<string, string> = {
  'server.link_used': 'This link was used already. Each link signs in one browser, once.',
  'server.link_unknown': 'This link is unknown to the server, or it is too old.',
}

function Refused({ error }: { error: unknown }) {
  const reason = error instanceof Problem ? (reasons[error.code] ?? error.message) : 'The link did not work.'
  return (
    <>
      <h1>This link does not work</h1>
      <p role="alert" className="mt-2">
        {reason}
      </p>
      <HowTo>Print a new one on the machine where Parley runs, and open it here:</HowTo>
    </>
  )
}

function Explain() {
  const me = useMe()
  if (me.data && !me.error)
    return (
      <>
        <h1>You are signed in</h1>
        <p className="mt-4">
          <Link to="/" className="btn btn-primary">
            Open the console
          </Link>
        </p>
      </>
    )
  return (
    <>
      <h1>Sign in to Parley</h1>
      <HowTo>
        There is no password. Print an owner link on the machine where Parley runs, and open it here:
      </HowTo>
    </>
  )
}

function HowTo({ children }: { children: ReactNode }) {
  return (
    <>
      <p className="mt-2 text-soft">{children}</p>
      <pre className="code-block mt-4">npx parley link</pre>
      <p className="hint mt-3">A link works once and only for a short while.</p>
    </>
  )
}

/** The code of the link that led here, also when another link is opened in the same tab. */
function useLinkCode(): string | null {
  const [code, setCode] = useState(() => readLinkCode(window.location.hash))
  useEffect(() => {
    const take = () => setCode((known) => takeLinkCode(window) ?? known)
    take()
    window.addEventListener('hashchange', take)
    return () => window.removeEventListener('hashchange', take)
  }, [])
  return code
}
