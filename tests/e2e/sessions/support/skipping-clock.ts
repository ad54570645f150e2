import { type Clock, type Stop, sleepWith, systemClock } from '@parley/kernel/ids'

/** The machine's clock, with time that can be left out: for what happens after minutes among processes with clocks of their own. */
export type SkippingClock = Clock & {
  /** Moves on by so many milliseconds at once: what falls due runs now. */
  skip(ms: number): void
}

export function skippingClock(): SkippingClock {
  let skipped = 0
  const waiting = new Set<{ at: number; run(): void }>()
  const now = () => systemClock.now() + skipped
  const after = (ms: number, fn: () => void): Stop => {
    const stopTimer = systemClock.after(ms, () => one.run())
    const one = {
      at: now() + ms,
      run: () => {
        stop()
        fn()
      },
    }
    const stop = () => {
      waiting.delete(one)
      stopTimer()
    }
    waiting.add(one)
    return stop
  }
  return {
    now,
    // The cast: a sum of two of its kind.
    micros: () => (systemClock.micros() + skipped * 1000) as ReturnType<Clock['micros']>,
    after,
    sleep: (ms, signal) => sleepWith(after, ms, signal),
    skip: (ms) => {
      skipped += ms
      for (const one of [...waiting].sort((a, b) => a.at - b.at)) if (one.at <= now()) one.run()
    },
  }
}
