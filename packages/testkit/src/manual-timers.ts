import type { Stop } from '@parley/kernel/ids'

type Timer = { at: number; fn: () => void }

/** Time of a client that moves only when told to. In milliseconds. */
export type ManualTimers = {
  now(): number
  after(ms: number, fn: () => void): Stop
  /** Moves time forward and runs each timer that falls due, in order. */
  advance(ms: number): void
  readonly pending: number
}

/** `start`: milliseconds since 1970. */
export function manualTimers(start = Date.UTC(2026, 0, 1)): ManualTimers {
  const timers = new Set<Timer>()
  let now = start
  const after = (ms: number, fn: () => void): Stop => {
    const timer = { at: now + ms, fn }
    timers.add(timer)
    return () => timers.delete(timer)
  }
  const nextDue = (until: number) =>
    [...timers].filter(({ at }) => at <= until).toSorted((a, b) => a.at - b.at)[0]
  return {
    now: () => now,
    after,
    advance: (ms) => {
      const until = now + ms
      for (let timer = nextDue(until); timer; timer = nextDue(until)) {
        timers.delete(timer)
        now = timer.at
        timer.fn()
      }
      now = until
    },
    get pending() {
      return timers.size
    },
  }
}
