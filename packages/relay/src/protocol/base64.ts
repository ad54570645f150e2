// Base64 without `Buffer`: this room runs in browsers, and Node's own decoder takes garbage without a word.

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const values = new Map(Array.from(alphabet, (char, value) => [char.charCodeAt(0), value]))
const standard = /^[A-Za-z0-9+/]*={0,2}$/
const urlSafe = /^[A-Za-z0-9_-]*={0,2}$/

/** Standard base64 with padding. */
export function encodeBase64(bytes: Uint8Array): string {
  let binary = ''
  // LIMIT: arguments of one call.
  for (let at = 0; at < bytes.length; at += 8192)
    binary += String.fromCharCode(...bytes.subarray(at, at + 8192))
  return btoa(binary)
}

/** Undefined for another alphabet, a wrong length or wrong padding. */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (text.length % 4 !== 0 || !standard.test(text)) return undefined
  const chars = text.indexOf('=') === -1 ? text.length : text.indexOf('=')
  return bytesOf(text, chars)
}

/** URL-safe base64 without padding. */
export function encodeBase64Url(bytes: Uint8Array): string {
  return encodeBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

/**
 * Takes it with and without padding. Bits that carry nothing must be 0: there is one text for the same bytes, so that
 * nobody passes off a changed text as another.
 */
export function decodeBase64Url(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!urlSafe.test(text)) return undefined
  const bare = text.replace(/=+$/, '')
  const padded = bare.padEnd(Math.ceil(bare.length / 4) * 4, '=')
  if (bare.length % 4 === 1 || (text !== bare && text !== padded)) return undefined
  const bytes = bytesOf(bare.replaceAll('-', '+').replaceAll('_', '/'), bare.length)
  return encodeBase64Url(bytes) === bare ? bytes : undefined
}

function bytesOf(text: string, chars: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(Math.floor((chars * 3) / 4))
  let held = 0
  let bits = 0
  let filled = 0
  for (let at = 0; at < chars; at++) {
    held = ((held << 6) | values.get(text.charCodeAt(at))!) & 0xffff
    bits += 6
    if (bits < 8) continue
    bits -= 8
    bytes[filled++] = held >> bits
  }
  return bytes
}
