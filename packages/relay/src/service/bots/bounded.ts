/** True when a value is plain JSON of at most so many levels (`[]` has 1) and characters. Never goes deeper than that. */
export function isBounded(value: unknown, most: { depth: number; chars: number }): boolean {
  if (!isShallow(value, most.depth)) return false
  const text = JSON.stringify(value) as string | undefined
  return text !== undefined && text.length <= most.chars
}

function isShallow(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true
  return depth > 0 && Object.values(value).every((member) => isShallow(member, depth - 1))
}
