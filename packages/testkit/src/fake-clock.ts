import { type Clock, type Stop, sleepWith } from '@parley/kernel/ids'

/** A clock that moves only when told to. */
export interface FakeClock extends Clock {
  /** Moves time forward: runs every timer that falls due, in order, and lets promise jobs settle after each. */
  advance(ms: number): Promise<void>
  /** Timers that wait to run; a test of clean-up expects 0. */
  readonly pending: number
}

type Timer = { at: number; fn: () => void }

/** Lets promise jobs and the input that has already arrived run. Answers of threads and servers need `eventually`. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** A clock that stands still at `start` (default 2026-01-01T00:00:00Z, milliseconds since 1970). */
export function fakeClock({ start = Date.UTC(2026, 0, 1) }: { start?: number } = {}): FakeClock {
  const timers = new Set<Timer>()
  let now = start

  const after = (ms: number, fn: () => void): Stop => {
    const timer = { at: now + Math.max(0, ms), fn }
    timers.add(timer)
    return () => timers.delete(timer)
  }

  const runDue = async (until: number): Promise<void> => {
    for (let timer = nextDue(timers, until); timer; timer = nextDue(timers, until)) {
      timers.delete(timer)
      now = Math.max(now, timer.at)
      timer.fn()
      await settle()
    }
  }

  return {
    now: () => now,
    micros: () => Math.floor(now * 1000),
    after,
    sleep: (ms, signal) => sleepWith(after, ms, signal),
    advance: async (ms) => {
      const until = now + ms
      await settle()
      await runDue(until)
      now = Math.max(now, until)
      await settle()
    },
    get pending() {
      return timers.size
    },
  }
}

/** The earliest timer that is due; of two at the same time, the one that was set first. */
function nextDue(timers: Iterable<Timer>, until: number): Timer | undefined {
  let next: Timer | undefined
  for (const timer of timers) if (timer.at <= until && (!next || timer.at < next.at)) next = timer
  return next
}
