import { hashCredential, matchesHash } from './credentials.js'
import type { HandshakeSession } from './session.js'

/** Holds a token against a session that has its plain one, in constant time; false for an empty one. */
export function verifyToken(session: Pick<HandshakeSession, 'token'>, token: string | undefined): boolean {
  return matchesHash(token, session.token === undefined ? null : hashCredential(session.token))
}
