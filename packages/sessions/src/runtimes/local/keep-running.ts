// A host that was killed has lost its agents. Whoever waits for them is told only by the next one.
import type { Clock, Stop } from '@parley/kernel/ids'

export type KeepRunningOptions = {
  clock: Clock
  isRunning(): boolean
  start(): Promise<void>
  onFault(error: unknown): void
}

const lookMs = 1_000
const longestPauseMs = 60_000

/** Starts the host again when it is gone, later each time it does not stay, until the function that comes back is called. */
export function keepRunning({ clock, isRunning, start, onFault }: KeepRunningOptions): Stop {
  let isOver = false
  let pauseMs = lookMs
  let stopTimer: Stop = () => {}
  const look = async () => {
    if (isRunning()) pauseMs = lookMs
    else {
      pauseMs = Math.min(pauseMs * 2, longestPauseMs)
      await start()
    }
  }
  const lookLater = () => {
    stopTimer = clock.after(pauseMs, () => {
      void look()
        .catch((error: unknown) => isOver || onFault(error))
        .finally(() => isOver || lookLater())
    })
  }
  lookLater()
  return () => {
    isOver = true
    stopTimer()
  }
}
