import { kernelErrors } from '@parley/kernel/errors'

/** Places that are taken for a while, counted by key. */
export type Places = {
  /** Takes one; answers how to give it back. Throws `kernel.rate_limited` when a key has `most` already. */
  take(key: string): () => void
}

export function createPlaces(most: number): Places {
  const taken = new Map<string, number>()
  return {
    take: (key) => {
      const count = taken.get(key) ?? 0
      if (count >= most)
        throw kernelErrors.rateLimited({ message: `No more than ${most} streams at a time.`, retryAfter: 5 })
      taken.set(key, count + 1)
      let isGivenBack = false
      return () => {
        if (isGivenBack) return
        isGivenBack = true
        const left = (taken.get(key) ?? 1) - 1
        if (left > 0) taken.set(key, left)
        else taken.delete(key)
      }
    },
  }
}
