import type { Clock, Stop } from '@parley/kernel/ids'

/** Waits for the work, but not longer than `ms`, which may be 0 or Infinity. Rejects when the work does in time. */
export async function upTo(clock: Clock, ms: number, work: Promise<void>): Promise<void> {
  if (ms <= 0) return
  // OUTSIDE: timers take no more than 24 days, and run at once for more.
  if (ms > 2 ** 31 - 1) return work
  let stop: Stop = () => {}
  const over = new Promise<void>((resolve) => {
    stop = clock.after(ms, resolve)
  })
  await Promise.race([work, over]).finally(stop)
}
