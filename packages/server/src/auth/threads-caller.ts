import { kernelErrors } from '@parley/kernel/errors'
import { hasScope, type Principal } from '@parley/kernel/principal'
import { type Authenticate, type HandshakeData, type Identity, system, user } from '@parley/threads'
import { type ActAsTokens, tokenPrefix } from './act-as-tokens.js'
import { readArrival } from './arrival.js'
import { type Asked, type Authenticator, type Incoming, readBearer } from './authenticate.js'

type Options = { authenticate: Authenticator; tokens: ActAsTokens }

/** What a credential needs to come into rooms. */
const scope = 'threads:use'

// A cookie over long polling: the first request is a GET, of which a browser does not say where it comes from when that is
// our own page. Another page can send it without saying so as well, but never reads the answer, and with it the name of
// the connection, without which there is no second request.

/**
 * Tells the threads plane who calls: an act-as token, or any credential of the server with `threads:use`, which is an
 * identity like everybody's. A bearer counts before a socket's `auth.token`, and both before a cookie. Throws
 * `kernel.forbidden` for a credential without the scope.
 */
export function createThreadsAuthenticate({ authenticate, tokens }: Options): Authenticate {
  return async (data) => {
    const incoming = toIncoming(data)
    if (!incoming) return null
    const { bearer } = incoming
    if (bearer?.startsWith(tokenPrefix)) return (await tokens.find(bearer)) ?? null
    const principal = await authenticate(incoming)
    if (!principal) return null
    if (!hasScope(principal, scope))
      throw kernelErrors.forbidden({ message: `the credential lacks the scope ${scope}`, details: { scope } })
    return toThreadsIdentity(principal)
  }
}

function toIncoming({ headers, auth }: HandshakeData): Incoming | undefined {
  const arrival = readArrival(headers)
  // WHY: who did not pass the door can't be told from a page of a stranger.
  if (!arrival) return undefined
  const { method, remoteAddress, isUpgrade } = arrival
  const get = (name: string) => headers[name] ?? null
  const request: Asked = { method, url: `http://${headers.host}/`, headers: { get } }
  const bearer = readBearer(request) ?? textOf(auth.token)
  return { request, remoteAddress, isUpgrade, ...(bearer !== undefined && { bearer }) }
}

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

/** The identity of a principal: its tenant is what it sees in rooms. */
export function toThreadsIdentity({ kind, id, name = id, tenant }: Principal): Identity {
  const members = { id, name, metadata: { tenant } }
  return kind === 'system' ? system(members) : user(members)
}
