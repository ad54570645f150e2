/** True for the item that ends the collection; `items` includes it. */
export type Until<T> = (item: T, items: readonly T[]) => boolean

/**
 * Takes the first `n` items, or items up to and including the first that satisfies the predicate, then ends the
 * iteration. An iterable that ends earlier gives what it had.
 */
export async function collect<T>(source: AsyncIterable<T>, until: number | Until<T>): Promise<T[]> {
  const items: T[] = []
  if (until === 0) return items
  const isLast = typeof until === 'number' ? () => items.length >= until : until
  for await (const item of source) {
    items.push(item)
    if (isLast(item, items)) break
  }
  return items
}
