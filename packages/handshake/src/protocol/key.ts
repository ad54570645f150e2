import { defaultLimits } from './limits.js'

// Names that reach an object's prototype when a careless reader copies keys into a plain object.
const reserved = new Set(['__proto__', 'constructor', 'prototype'])

/**
 * True for a key that a field may have: a string of 1 to 256 characters (code points), without a NUL or half a character, not a name that
 * JavaScript reserves on objects. A dot has no meaning.
 */
export function isKey(key: unknown, maxChars: number = defaultLimits.keyChars): key is string {
  if (typeof key !== 'string' || key === '' || reserved.has(key)) return false
  // Databases end a text at a NUL, or refuse it.
  if (key.includes('\0')) return false
  // Half of a surrogate pair has no UTF-8: stored, two such keys would become the same.
  if (/\p{Surrogate}/u.test(key)) return false
  // A code point is one or two units: the first test spares counting what can't fit.
  return key.length <= 2 * maxChars && Array.from(key).length <= maxChars
}
