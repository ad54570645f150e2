import type { Identity, Principal } from '@parley/kernel/principal'
import type { HandshakeRow } from '../store/port.js'
import { hashAddress } from './credentials.js'
import type { HandshakeSession } from './session.js'

/** Who calls, as far as a transport can tell. Parsed once at the edge; the service never sees more. */
export type Caller = {
  /** The value of `X-Handshake-Token`, else the query's `token`. */
  token?: string
  /** The value of `X-Handshake-Browser-Key`, or the key in the path. */
  browserKey?: string
  /** The `Origin` header. */
  origin?: string
  /** Origins that count as this server's own for this request. */
  selfOrigins: readonly string[]
  /** The caller's network address. */
  remote: string
  /** Signed in to the service that runs Parley; set by the option `authenticate`. */
  principal?: Principal
  /** What hooks get. Undefined for frames of a socket. */
  request?: Request
  /** Approves a browser call without the browser key, in place of the option `requireBrowserAuth`. */
  browserAuth?: BrowserAuth
}

/** The application's own check of a browser call that comes without the browser key. */
export type BrowserAuth = (request: Request, session: HandshakeSession) => boolean | Promise<boolean>

/** Who acts in one handshake: the snapshot for the event, and a hash of the address for the audit trail. */
export type Actor = { identity: Identity; remote: string }

export function agentActor(row: HandshakeRow, caller: Pick<Caller, 'remote'>): Actor {
  const id = row.claim?.claimId ?? 'agent'
  const name = row.claim?.label ?? undefined
  return {
    identity: { kind: 'agent', id, ...(name && { name }) },
    remote: hashAddress(row.id, caller.remote),
  }
}

export function browserActor(row: HandshakeRow, caller: Pick<Caller, 'remote'>): Actor {
  return { identity: { kind: 'user', id: 'browser' }, remote: hashAddress(row.id, caller.remote) }
}

export function principalActor(row: HandshakeRow, { kind, id, name }: Principal, remote: string): Actor {
  return { identity: { kind, id, ...(name && { name }) }, remote: hashAddress(row.id, remote) }
}

/** The server itself, on no one's behalf. */
export const serverActor: Actor = { identity: { kind: 'system', id: 'server' }, remote: '' }
