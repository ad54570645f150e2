const longestMs = 15_000

/** How long to wait before attempt `n` (from 0) to come back: 1 s, 2 s, 4 s … at most 15 s. */
export function backoffMs(attempt: number): number {
  return Math.min(longestMs, 1000 * 2 ** Math.min(attempt, 10))
}
