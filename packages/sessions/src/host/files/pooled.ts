/** Maps in order with at most 32 under way at once. */
export async function mapPooled<T, R>(items: readonly T[], map: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  let next = 0
  const work = async () => {
    for (let at = next++; at < items.length; at = next++) {
      // The cast: `at` is below the length.
      results[at] = await map(items[at] as T)
    }
  }
  await Promise.all(Array.from({ length: Math.min(32, items.length) }, work))
  return results
}
