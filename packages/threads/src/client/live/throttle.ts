import type { Timers } from '../edge.js'

/** Calls `fn` at once, but not again before `everyMs` have passed; calls between are dropped. */
export function throttle(timers: Timers, everyMs: number, fn: () => void): () => void {
  let next = Number.NEGATIVE_INFINITY
  return () => {
    const now = timers.now()
    if (now < next) return
    next = now + everyMs
    fn()
  }
}
