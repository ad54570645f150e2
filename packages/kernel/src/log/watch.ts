import type { StreamId } from '../ids/index.js'
import type { StoredEvent, Tap } from './port.js'

/** What this node knows of a stream that somebody here listens to. */
export type Watch = {
  readonly stream: StreamId
  readonly taps: Set<{ tap: Tap }>
  /** Everything up to here was published on this node, or was there before anybody listened. */
  cursor: number | undefined
  /** True once events were published; before that a page that shows a lower head moves the cursor back. */
  isLive: boolean
  /** Highest number that other nodes or the repair spoke of. */
  wanted: number
  /** True while events are read up to `wanted`. */
  isCatchingUp: boolean
  /** `at` of the newest published event. */
  at: number
}

export const createWatch = (stream: StreamId): Watch => ({
  stream,
  taps: new Set(),
  cursor: undefined,
  isLive: false,
  wanted: 0,
  isCatchingUp: false,
  at: 0,
})

/** Tells every tap. One that throws is reported and does not keep the others from hearing. */
export function tell(watch: Watch, call: (tap: Tap) => void, onFault: (error: unknown) => void): void {
  for (const { tap } of watch.taps) {
    try {
      call(tap)
    } catch (error) {
      onFault(error)
    }
  }
}

/** The part of `events` that comes after `cursor`. */
export function newerThan(events: readonly StoredEvent[], cursor: number): readonly StoredEvent[] {
  const first = events[0]
  if (!first || first.seq > cursor) return events
  return events.slice(cursor - first.seq + 1)
}
