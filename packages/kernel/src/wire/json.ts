const utf8 = new TextEncoder()

/** An object of JSON: not null, not a list. */
export type JsonObject = Record<string, unknown>

/** True for an object of JSON: not null, not a list. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Size of a value in bytes: its JSON text in UTF-8. An absent value counts as `null`. */
export function jsonBytes(value: unknown): number {
  return utf8.encode(JSON.stringify(value ?? null)).length
}

/** True when a text has more bytes of UTF-8 than `limit`. */
export function isLongerThan(text: string, limit: number): boolean {
  // A unit of a JavaScript string is at most three bytes: most texts need no counting.
  return text.length * 3 > limit && utf8.encode(text).length > limit
}

/**
 * True when lists and objects are nested more than `limit` deep: `1` has depth 0, `[]` has 1, `[[]]` has 2.
 * Keeps a stack of its own, so that a hostile value can't overflow the caller's.
 */
export function isDeeperThan(value: unknown, limit: number): boolean {
  const rest: { value: unknown; depth: number }[] = [{ value, depth: 0 }]
  for (let next = rest.pop(); next; next = rest.pop()) {
    if (typeof next.value !== 'object' || next.value === null) continue
    const depth = next.depth + 1
    if (depth > limit) return true
    for (const child of Object.values(next.value)) rest.push({ value: child, depth })
  }
  return false
}
