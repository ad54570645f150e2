const utf8 = new TextEncoder()

/** An object of JSON: not null, not a list. */
export type JsonObject = Record<string, unknown>

/** True for an object of JSON: not null, not a list. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Blank means `null` (or absent), `""`, `[]` or `{}`. `0` and `false` are not blank. */
export function isBlank(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true
  if (typeof value !== 'object') return false
  return Array.isArray(value) ? value.length === 0 : Object.keys(value).length === 0
}

/** Size of a value in bytes: its JSON text in UTF-8. An absent value counts as `null`. */
export function jsonBytes(value: unknown): number {
  return utf8.encode(JSON.stringify(value ?? null)).length
}

/**
 * True when lists and objects are nested more than `limit` deep: `1` has depth 0, `[]` has 1, `[[]]` has 2.
 * Walks with a stack of its own, so that a hostile value can't overflow the caller's.
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

/** True when two values have the same JSON, whatever the order of members. */
export function isSameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const left = Object.entries(a)
  const right = new Map(Object.entries(b))
  return left.length === right.size && left.every(([key, value]) => isSameMember(right, key, value))
}

function isSameMember(members: Map<string, unknown>, key: string, value: unknown): boolean {
  return members.has(key) && isSameJson(value, members.get(key))
}
