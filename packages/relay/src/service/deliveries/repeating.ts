import type { Clock, Stop } from '@parley/kernel/ids'

/** Does something again and again, with a pause after each time. Resolves, when it is stopped, with nothing under way. */
export function repeating(
  clock: Clock,
  everyMs: number,
  work: () => Promise<void>,
  onFault: (error: unknown) => void,
): () => Promise<void> {
  let isStopped = false
  let running = Promise.resolve()
  let stopTimer: Stop = () => {}
  const arm = () => {
    if (!isStopped) stopTimer = clock.after(everyMs, run)
  }
  const run = () => {
    running = work().catch(onFault).then(arm)
  }
  arm()
  return async () => {
    isStopped = true
    stopTimer()
    await running
  }
}
