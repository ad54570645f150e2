// The upgrade token (contract 2.2). Signing and comparing are the caller's: this room has no keys.

import { decodeBase64Url, encodeBase64Url } from './base64.js'

/** `exp`: Unix seconds, 0 for ever. `sig`: hex, not yet compared with anything. `signed`: the text that was signed. */
export type DecodedToken = { payload: string; exp: number; signed: string; sig: string }

// A leading byte order mark is part of what was signed.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
/** LIMIT: a gateway id and what belongs to it; anything longer is no token. */
const maxLength = 4_096

/** `sign` answers the HMAC-SHA256 of a text as lowercase hex. */
export function encodeToken(
  { payload, exp }: { payload: string; exp: number },
  sign: (signed: string) => string,
): string {
  const signed = `${payload}:${exp}`
  return encodeBase64Url(new TextEncoder().encode(`${signed}:${sign(signed)}`))
}

/** Undefined for what is no token at all. Split from the right: a payload may hold `:`. */
export function decodeToken(text: string): DecodedToken | undefined {
  const plain = plainText(text)
  const match = plain === undefined ? undefined : /^(.*):(\d{1,15}):((?:[0-9a-f]{2})+)$/is.exec(plain)
  if (!match) return undefined
  const [, payload = '', exp = '', sig = ''] = match
  return { payload, exp: Number(exp), signed: `${payload}:${exp}`, sig }
}

function plainText(text: string): string | undefined {
  const bytes = text.length > maxLength ? undefined : decodeBase64Url(text)
  try {
    return bytes && utf8.decode(bytes)
  } catch {
    // Not UTF-8.
    return undefined
  }
}
