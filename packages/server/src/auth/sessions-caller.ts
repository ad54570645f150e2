import { hasScope } from '@parley/kernel/principal'
import { type SessionsOptions, sessionsErrors } from '@parley/sessions'
import type { Authenticator } from './authenticate.js'

/** What a credential needs to come into sessions: one of these; the first is what most have. */
const scopes = ['sessions:use', 'sessions:machine'] as const

/**
 * Tells the sessions plane who calls: any credential of the server with `sessions:use` or `sessions:machine`. A key may come as `?token=` where
 * browsers can send no header. Throws 403 for a credential without the scope.
 */
export function createSessionsAuthenticate(authenticate: Authenticator): SessionsOptions['authenticate'] {
  return async (request, remoteAddress) => {
    const isUpgrade = request.headers.get('upgrade')?.toLowerCase() === 'websocket'
    const bearer = tokenOf(request, isUpgrade)
    const principal = await authenticate({ request, remoteAddress, isUpgrade, ...(bearer && { bearer }) })
    if (!principal) return null
    if (!scopes.some((scope) => hasScope(principal, scope)))
      throw sessionsErrors.forbidden({ message: `the credential lacks the scope ${scopes[0]}` })
    return principal
  }
}

/** The token of a socket or an event stream; a header wins. */
function tokenOf({ headers, url }: Request, isUpgrade: boolean): string | undefined {
  const { pathname, searchParams } = new URL(url)
  if (headers.has('authorization') || !(isUpgrade || pathname.endsWith('/stream'))) return undefined
  return searchParams.get('token') ?? undefined
}
