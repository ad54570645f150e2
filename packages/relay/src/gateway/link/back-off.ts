/** How long to wait before dialling again (contract 2.10). */
export interface BackOff {
  /** Milliseconds: 1, 2, 4 … 30 seconds, each up to 20 % longer or shorter. */
  next(): number
  /** A connection that lived long enough begins the ladder anew; a short one was a failed attempt. */
  lived(ms: number): void
  reset(): void
}

const firstMs = 1_000
const maxMs = 30_000
const resetAfterMs = 30_000
const jitter = 0.2

/** `random`: 0 to 1. */
export function createBackOff(random: () => number): BackOff {
  let base = firstMs
  const reset = () => {
    base = firstMs
  }
  return {
    next: () => {
      const ms = Math.min(maxMs, base * (1 + jitter * (2 * random() - 1)))
      base = Math.min(base * 2, maxMs)
      return Math.round(ms)
    },
    lived: (ms) => {
      if (ms >= resetAfterMs) reset()
    },
    reset,
  }
}
