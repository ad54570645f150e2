import type { Clock, Stop } from '@parley/kernel/ids'

export type Repeating = {
  /** Does it now, or once more after the time that is under way. */
  soon(): void
  /** Resolves with nothing under way. */
  stop(): Promise<void>
}

/** Does something again and again, with a pause after each time. */
export function repeating(
  clock: Clock,
  everyMs: number,
  work: () => Promise<void>,
  onFault: (error: unknown) => void,
): Repeating {
  let state: 'waiting' | 'running' | 'again' | 'stopped' = 'waiting'
  let running = Promise.resolve()
  let stopTimer: Stop = () => {}

  const arm = () => {
    state = 'waiting'
    stopTimer = clock.after(everyMs, run)
  }
  const run = () => {
    state = 'running'
    running = work().catch(onFault).then(ended)
  }
  const ended = () => {
    if (state === 'again') run()
    else if (state === 'running') arm()
  }

  arm()
  return {
    soon: () => {
      if (state === 'running') state = 'again'
      if (state !== 'waiting') return
      stopTimer()
      run()
    },
    stop: async () => {
      state = 'stopped'
      stopTimer()
      await running
    },
  }
}
