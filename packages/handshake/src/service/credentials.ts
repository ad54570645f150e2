import { hash, timingSafeEqual } from 'node:crypto'

/** SHA-256 in base64url: how every credential is stored and compared. */
export function hashCredential(credential: string): string {
  return hash('sha256', credential, 'base64url')
}

/** Compares in constant time. An absent or empty credential, or an absent hash, never matches. */
export function matchesHash(credential: string | undefined, stored: string | null): boolean {
  if (!credential || !stored) return false
  return timingSafeEqual(Buffer.from(hashCredential(credential)), Buffer.from(stored))
}

/** Hash of a caller's address, different for each handshake so that records can't be joined. */
export function hashAddress(id: string, address: string): string {
  const text = `${id} ${address}`
  const known = recent.get(text)
  if (known !== undefined) return known
  const hashed = hash('sha256', text, 'base64url').slice(0, 16)
  if (recent.size >= maxRecent) recent.delete(recent.keys().next().value ?? '')
  recent.set(text, hashed)
  return hashed
}

// WHY: a caller comes back, and every call is noted with this hash. Nothing but results of a pure function.
const recent = new Map<string, string>()
const maxRecent = 1_000
