import type { RequestListener } from 'node:http'
import type { Clock } from '@parley/kernel/ids'

/** Answers that are under way. */
export type InFlight = {
  /** The listener, counted. */
  readonly listener: RequestListener
  /** Resolves when nothing is under way, and after `ms` at the latest. */
  drained(ms: number): Promise<void>
}

/** Counts the answers of a listener from the request to the last byte. */
export function countInFlight(listener: RequestListener, clock: Clock): InFlight {
  let count = 0
  let onIdle: (() => void) | undefined
  return {
    listener: (request, response) => {
      count++
      response.once('close', () => {
        if (--count === 0) onIdle?.()
      })
      listener(request, response)
    },
    drained: (ms) =>
      new Promise((resolve) => {
        if (count === 0) return resolve()
        const stop = clock.after(ms, resolve)
        onIdle = () => {
          stop()
          resolve()
        }
      }),
  }
}
