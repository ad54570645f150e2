import type { Tally } from './deps.js'

export function createTally(): Tally {
  const counts: Record<string, number> = {}
  return {
    count: (name, by = 1) => {
      counts[name] = (counts[name] ?? 0) + by
    },
    read: () => ({ ...counts }),
  }
}
