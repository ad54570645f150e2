/** Blank means `null` (or absent), `""`, `[]` or `{}`. `0` and `false` are not blank. */
export function isBlank(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true
  if (typeof value !== 'object') return false
  return Array.isArray(value) ? value.length === 0 : Object.keys(value).length === 0
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
