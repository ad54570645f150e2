import type { Ground } from '@parley/kernel/ground'
import { isHostAllowed, isOriginAllowed } from '@parley/kernel/origin'
import type { Principal } from '@parley/kernel/principal'
import { isLoopback } from '../config/load.js'
import { hashSecret } from './hash.js'
import { command, localOwner } from './principals.js'
import { credentialStore } from './store.js'

/** Name of the cookie that holds a browser session. */
export const cookieName = 'parley_session'

/** What of a request says who sends it; a `Request` is one. */
export type Asked = {
  readonly method: string
  /** Absolute. */
  readonly url: string
  readonly headers: { get(name: string): string | null }
}

/** What is known of whoever comes in. */
export type Incoming = {
  request: Asked
  /** Empty when the door does not know it. */
  remoteAddress: string
  /** True for a WebSocket: what comes over it may change things, though its request is a GET. Default false. */
  isUpgrade?: boolean
  /** A key that came another way than by the `authorization` header. */
  bearer?: string
}

type Options = {
  ground: Ground
  trustLoopback: boolean
  /** Origins of the server's own pages for a request. */
  selfOrigins(request: Asked): readonly string[]
  allowedHosts: readonly string[]
  /** Credential of the command on this machine. */
  controlToken: string
}

/** `last_used_at` of a key is written at most this often. */
const noteUseEveryMicros = 60_000_000

/** Tells who a request comes from: an API key, a signed-in browser, or a trusted caller on this machine. */
export function createAuthenticator(options: Options) {
  const store = credentialStore(options.ground.db)
  const controlHash = hashSecret(options.controlToken)

  return async (incoming: Incoming): Promise<Principal | undefined> => {
    const { request } = incoming
    const bearer = incoming.bearer ?? readBearer(request)
    if (bearer !== undefined) return byKey(bearer)
    const cookie = readCookie(request.headers.get('cookie'), cookieName)
    if (cookie !== undefined && isOwnPage(incoming, options)) {
      const principal = await bySession(cookie)
      if (principal) return principal
    }
    return options.trustLoopback && isTrustedLoopback(incoming, options) ? localOwner : undefined
  }

  async function byKey(key: string): Promise<Principal | undefined> {
    const hash = hashSecret(key)
    if (hash === controlHash) return command
    const row = await store.findKey(hash)
    if (!row) return undefined
    const now = options.ground.clock.micros()
    if (now - (row.last_used_at ?? 0) > noteUseEveryMicros) {
      // Not awaited: a read must not wait for a write.
      void options.ground.log.commit({ ops: [store.useKey(row.id, now)], appends: [] }).catch(() => undefined)
    }
    const { id, name, tenant, scopes } = row
    return { kind: 'user', id, name, tenant: JSON.parse(tenant), scopes: JSON.parse(scopes) }
  }

  async function bySession(token: string): Promise<Principal | undefined> {
    const row = await store.findSession(hashSecret(token))
    if (!row || row.expires_at <= options.ground.clock.micros()) return undefined
    return JSON.parse(row.principal) as Principal
  }
}

export type Authenticator = ReturnType<typeof createAuthenticator>

/** The key in the `authorization` header. */
export const readBearer = ({ headers }: Pick<Asked, 'headers'>): string | undefined =>
  /^Bearer (\S+)$/i.exec(headers.get('authorization') ?? '')?.[1]

/** A cookie is never enough for a write: browsers say where it comes from, and that must be one of our own pages. */
function isOwnPage({ request, isUpgrade = false }: Incoming, { selfOrigins }: Options): boolean {
  const origin = request.headers.get('origin')
  if (origin === null) return !isUpgrade && (request.method === 'GET' || request.method === 'HEAD')
  return isOriginAllowed(origin, selfOrigins(request), [])
}

function isTrustedLoopback({ request, remoteAddress }: Incoming, options: Options): boolean {
  if (!isLoopback(remoteAddress) || isForwarded(request)) return false
  const origin = request.headers.get('origin')
  return (
    isHostAllowed(request.headers.get('host'), options.allowedHosts) &&
    isOriginAllowed(origin, options.selfOrigins(request), [])
  )
}

/** A proxy on this machine, of which nobody told the server, is no reason to trust everybody who comes by it. */
const isForwarded = ({ headers }: Asked): boolean =>
  ['forwarded', 'x-forwarded-for', 'x-real-ip'].some((name) => headers.get(name) !== null)

/** The value of one cookie. */
export function readCookie(header: string | null, name: string): string | undefined {
  const pairs = (header ?? '').split(';').map((pair) => pair.trim().split('=', 2))
  return pairs.find(([key]) => key === name)?.[1] || undefined
}
