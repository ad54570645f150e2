import type { Stop } from '../time/clock.js'

/**
 * Runs `start` while the page is visible and its stop while it is hidden.
 *
 * WHY: over HTTP/1.1 a browser opens six connections to a server for all tabs together. Hidden tabs that
 * hold a stream each would starve the visible one; they resume from their cursor when they come back.
 */
export function whileVisible(page: Document, start: () => Stop): Stop {
  let stop: Stop | undefined
  const update = () => {
    if (page.visibilityState === 'visible') stop ??= start()
    else {
      stop?.()
      stop = undefined
    }
  }
  page.addEventListener('visibilitychange', update)
  update()
  return () => {
    page.removeEventListener('visibilitychange', update)
    stop?.()
    stop = undefined
  }
}
