import type { LogItem } from './timeline.js'

/** The new items, with the old object in place of each that says the same. */
export function reuse(items: readonly LogItem[], before: readonly LogItem[]): LogItem[] {
  const known = new Map(before.map((item) => [item.key, item]))
  return items.map((item) => {
    const old = known.get(item.key)
    return old && isSame(old, item) ? old : item
  })
}

const nested = new Set(['answers', 'expiredForms'])

/** Equal member by member; what a message gathers is compared in the same way. */
function isSame(one: object, other: object): boolean {
  const [ones, others] = [Object.entries(one), new Map(Object.entries(other))]
  return (
    ones.length === others.size &&
    ones.every(([name, value]) => {
      const twin = others.get(name)
      return value === twin || (nested.has(name) && isSame(value as object, (twin ?? {}) as object))
    })
  )
}
