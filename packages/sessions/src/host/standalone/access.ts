// Who may talk to a host that listens (section 11, weakness 1).
import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { isHostAllowed, isOriginAllowed, ownOrigins } from '@parley/kernel/origin'

export type AccessOptions = {
  /** What callers must send, as `Authorization: Bearer`, or on a WebSocket as `?token=`. */
  token?: string
  /** Pages of other origins that may call. Default none. */
  allowedOrigins?: readonly string[]
  /** Names under which it is reached; addresses and `localhost` always are. Default none. */
  allowedHosts?: readonly string[]
}

/** The status and text of a refusal; undefined when the request may go on. */
export type Access = (request: IncomingMessage) => { status: number; message: string } | undefined

export function createAccess({ token, allowedOrigins = [], allowedHosts = [] }: AccessOptions): Access {
  const wanted = token === undefined ? undefined : digest(token)
  return (request) => {
    const { host, origin } = request.headers
    // A page whose name points here is known by the name it calls us.
    if (!isHostAllowed(host, allowedHosts)) return { status: 403, message: 'Host not allowed' }
    if (!isOriginAllowed(origin ?? null, ownOrigins(host, undefined), allowedOrigins))
      return { status: 403, message: 'Origin not allowed' }
    if (wanted === undefined) return undefined
    const sent = sentToken(request)
    const isRight = sent !== undefined && timingSafeEqual(digest(sent), wanted)
    return isRight ? undefined : { status: 401, message: 'Unauthorized' }
  }
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

function sentToken({ headers, url = '' }: IncomingMessage): string | undefined {
  const bearer = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1]
  if (bearer !== undefined || headers.upgrade === undefined) return bearer
  // A browser can't set headers on a WebSocket.
  return new URLSearchParams(url.slice(url.indexOf('?') + 1)).get('token') ?? undefined
}

/** True for an address that only this machine reaches. */
export function isLoopbackAddress(address: string): boolean {
  return address === 'localhost' || address === '::1' || /^127(\.\d{1,3}){3}$/.test(address)
}
