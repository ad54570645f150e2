import type { Stop, StreamId } from '../../ids/index.js'
import type { Log, Page, StoredEvent, Tap } from '../../log/index.js'

/** The half of a log that a feed needs, in memory and in the test's hands. */
export interface FakeLog extends Pick<Log, 'read' | 'tap'> {
  /** Stores events; `hint: false` as when the news of them was lost. */
  append(stream: StreamId, count: number, options?: { hint?: boolean; size?: number }): StoredEvent[]
  signal(stream: StreamId, payload: string): void
  trim(stream: StreamId, before: number): void
  drop(stream: StreamId): void
  /** Reads answered so far. */
  readonly reads: number
  /** Makes reads wait until it is called again with false. */
  hold(isHeld: boolean): void
  /** Makes the next reads fail. */
  fail(error: Error | undefined): void
  readonly taps: number
}

export function fakeLog(): FakeLog {
  const streams = new Map<StreamId, StoredEvent[]>()
  const first = new Map<StreamId, number>()
  const taps = new Map<StreamId, Set<Tap>>()
  let reads = 0
  let failure: Error | undefined
  let held: Promise<void> | undefined
  let release = () => {}

  const eventsOf = (stream: StreamId) => {
    const events = streams.get(stream) ?? []
    streams.set(stream, events)
    return events
  }
  const tell = (stream: StreamId, call: (tap: Tap) => void) => {
    for (const tap of taps.get(stream) ?? []) call(tap)
  }

  return {
    append: (stream, count, { hint = true, size = 0 } = {}) => {
      const events = eventsOf(stream)
      const added = Array.from({ length: count }, (_, index): StoredEvent => {
        const seq = events.length + index + 1
        const body = JSON.stringify({ n: seq, pad: 'x'.repeat(size) })
        const actor = { kind: 'system', id: 'system' } as const
        return { stream, seq, id: `${stream}-${seq}`, at: seq, type: 'thing.happened', actor, body }
      })
      events.push(...added)
      if (hint) tell(stream, (tap) => tap.events?.(added))
      return added
    },
    signal: (stream, payload) => tell(stream, (tap) => tap.signal?.(payload)),
    trim: (stream, before) => void first.set(stream, before),
    drop: (stream) => {
      streams.delete(stream)
      tell(stream, (tap) => tap.gone?.())
    },
    read: async (stream, { after, limit = 500 }): Promise<Page> => {
      // The answer is what was stored when the read began; a held read is one on its way.
      const events = [...eventsOf(stream)]
      const oldest = first.get(stream) ?? 1
      if (failure) throw failure
      await held
      await new Promise((resolve) => setImmediate(resolve))
      reads++
      const page = events.filter(({ seq }) => seq > after && seq >= oldest).slice(0, limit)
      return { events: page, head: events.length, first: oldest }
    },
    tap: (stream, tap): Stop => {
      const set = taps.get(stream) ?? new Set()
      taps.set(stream, set.add(tap))
      return () => void set.delete(tap)
    },
    hold: (isHeld) => {
      if (!isHeld) return release()
      held = new Promise((resolve) => {
        release = resolve
      })
    },
    fail: (error) => {
      failure = error
    },
    get reads() {
      return reads
    },
    get taps() {
      return [...taps.values()].reduce((sum, set) => sum + set.size, 0)
    },
  }
}
