/**
 * True when there is binary data anywhere in a value: Socket.IO carries it, JSON does not. Keeps a stack of its own, so
 * that a hostile value can't overflow the caller's.
 */
export function hasBytes(value: unknown): boolean {
  const rest: unknown[] = [value]
  while (rest.length > 0) {
    const next = rest.pop()
    if (typeof next !== 'object' || next === null) continue
    if (ArrayBuffer.isView(next) || next instanceof ArrayBuffer) return true
    for (const child of Object.values(next)) rest.push(child)
  }
  return false
}
