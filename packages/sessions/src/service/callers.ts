// Who calls, for both doors.
import { type Principal, tenantKey } from '@parley/kernel/principal'

/** The token of `Authorization: Bearer …`. */
export function bearerOf(headers: Headers): string | undefined {
  return /^Bearer +(\S+)$/i.exec(headers.get('authorization') ?? '')?.[1]
}

/**
 * The same request with the token as a bearer's, unless it has an `Authorization` of its own: browsers can't set headers on
 * sockets and event streams.
 */
export function withBearer(request: Request, token: string | undefined): Request {
  if (!token || /\s/.test(token) || request.headers.has('authorization')) return request
  const headers = new Headers(request.headers)
  headers.set('authorization', `Bearer ${token}`)
  return new Request(request.url, { headers, signal: request.signal })
}

/** What open sockets and streams are counted by. */
export const callerKey = ({ kind, id, tenant }: Principal): string => `${kind} ${id} ${tenantKey(tenant)}`

/** True when nothing of what a caller may see or do has changed. */
export const isSameCaller = (a: Principal, b: Principal): boolean =>
  callerKey(a) === callerKey(b) &&
  a.scopes.length === b.scopes.length &&
  a.scopes.every((scope) => b.scopes.includes(scope))

/** How long an open socket or stream outlives its credential at most. */
export const revalidateMs = 60_000
