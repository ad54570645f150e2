import type { Clock } from '../ids/index.js'

export type SlidingLogOptions = {
  /** Requests that one window holds. */
  limit: number
  windowMs: number
  clock: Clock
  /** Most keys remembered, default 10,000; past it the key that was silent longest is forgotten. */
  maxKeys?: number
}

/** `retryAfter`: whole seconds until the log has room again. */
export type Verdict = { ok: true } | { ok: false; retryAfter: number }

/** A rate limit: the exact times of the requests of the last window, by key. */
export interface SlidingLog {
  /** Logs a request, or refuses it; refused ones are not logged. `limit` replaces the log's own for this key. */
  take(key: string, limit?: number): Verdict
  /** Merges a request that another node let through at `at` (milliseconds since 1970). */
  add(key: string, at: number): void
  forget(key: string): void
  readonly keys: number
}

/**
 * A request is refused when the log of the last `windowMs` already holds the limit. Memory is at most
 * `maxKeys` × limit numbers.
 */
export function slidingLog({ limit, windowMs, clock, maxKeys = 10_000 }: SlidingLogOptions): SlidingLog {
  const logs = new Map<string, number[]>()

  // The map's order is the order of last use, so the first key is the one to forget.
  const open = (key: string): number[] => {
    const times = logs.get(key) ?? []
    logs.delete(key)
    if (logs.size >= maxKeys) logs.delete(logs.keys().next().value ?? '')
    logs.set(key, times)
    dropUntil(times, clock.now() - windowMs)
    return times
  }

  return {
    take: (key, most = limit) => {
      const times = open(key)
      const now = clock.now()
      if (times.length < most) {
        insert(times, now)
        return { ok: true }
      }
      const freeAt = (times[times.length - Math.max(1, most)] ?? now) + windowMs
      return { ok: false, retryAfter: Math.max(1, Math.ceil((freeAt - now) / 1000)) }
    },
    add: (key, at) => {
      const now = clock.now()
      // A node whose clock runs ahead must not lock a key for longer than a window.
      if (at <= now - windowMs) return
      const times = open(key)
      insert(times, Math.min(at, now))
      if (times.length > limit) times.splice(0, times.length - limit)
    },
    forget: (key) => void logs.delete(key),
    get keys() {
      return logs.size
    },
  }
}

function dropUntil(times: number[], until: number): void {
  const firstKept = times.findIndex((at) => at > until)
  if (firstKept !== 0) times.splice(0, firstKept === -1 ? times.length : firstKept)
}

/** Keeps the times sorted; a merged time may be older than the newest. */
function insert(times: number[], at: number): void {
  const after = times.findLastIndex((time) => time <= at)
  times.splice(after + 1, 0, at)
}
