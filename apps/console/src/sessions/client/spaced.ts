import type { Clock } from '../../time/clock.js'

/** Runs something at once, and again not before a pause is over: once for everything that was asked for meanwhile. */
export function spaced(clock: Pick<Clock, 'after'>, pauseMs: number, run: () => void) {
  let stopTimer: (() => void) | undefined
  let isWanted = false
  const soon = () => {
    if (stopTimer) {
      isWanted = true
      return
    }
    isWanted = false
    run()
    stopTimer = clock.after(pauseMs, () => {
      stopTimer = undefined
      if (isWanted) soon()
    })
  }
  return { soon, stop: () => stopTimer?.() }
}
