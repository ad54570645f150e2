/** How long to wait before dialling again. */
export interface BackOff {
  /** Milliseconds: 1, 2, 4 … 30 seconds, each up to 20 % longer or shorter. */
  next(): number
  /** Begins anew when the link lived long enough. */
  lived(ms: number): void
}

export type BackOffOptions = {
  /** 0 to 1, as `Math.random`. */
  random(): number
  /** Default 1,000. */
  firstMs?: number
  /** Default 30,000. */
  maxMs?: number
  /** A link that lived this long begins anew. Default 30,000. */
  resetAfterMs?: number
}

const jitter = 0.2

export function createBackOff({
  random,
  firstMs = 1_000,
  maxMs = 30_000,
  resetAfterMs = 30_000,
}: BackOffOptions): BackOff {
  let base = firstMs
  return {
    next: () => {
      const ms = base * (1 + jitter * (2 * random() - 1))
      base = Math.min(base * 2, maxMs)
      return Math.round(ms)
    },
    lived: (ms) => {
      if (ms >= resetAfterMs) base = firstMs
    },
  }
}

/** For a socket that nobody else is on: a tenth of the waits, and at most a second. */
export const localBackOff = { firstMs: 100, maxMs: 1_000, resetAfterMs: 3_000 } as const
