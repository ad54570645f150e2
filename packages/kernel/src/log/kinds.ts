import type { Micros, Stop, StreamId } from '../ids/index.js'
import type { Journal } from './journal.js'
import type { KindTap } from './kind-follower.js'
import type { StoredEvent } from './port.js'

type Kind = {
  prefix: string
  taps: Set<KindTap>
  /** Events of streams that this node hears of for the first time count as live from here on. */
  since: Micros
}

/** Who follows which kinds on this node. */
export class Kinds {
  readonly #kinds = new Map<string, Kind>()

  get size(): number {
    return this.#kinds.size
  }

  tap(kind: string, tap: KindTap, since: Micros): Stop {
    const entry = this.#kinds.get(kind) ?? { prefix: `${kind}:`, taps: new Set(), since }
    // A copy, so that the same function given twice is told twice.
    const own: KindTap = (stream, events) => tap(stream, events)
    this.#kinds.set(kind, entry)
    entry.taps.add(own)
    return () => {
      entry.taps.delete(own)
      if (entry.taps.size === 0 && this.#kinds.get(kind) === entry) this.#kinds.delete(kind)
    }
  }

  follows(stream: StreamId): boolean {
    for (const { prefix } of this.#kinds.values()) if (stream.startsWith(prefix)) return true
    return false
  }

  /** The earliest time from which a follower of this stream's kind wants its events. */
  since(stream: StreamId): Micros | undefined {
    const times = [...this.#kinds.values()].filter(({ prefix }) => stream.startsWith(prefix))
    return times.length > 0 ? Math.min(...times.map(({ since }) => since)) : undefined
  }

  /** A stream is forgotten: what it published up to `at` must not be taken for new later. */
  forget(stream: StreamId, at: Micros): void {
    for (const kind of this.#kinds.values())
      if (stream.startsWith(kind.prefix)) kind.since = Math.max(kind.since, at + 1)
  }

  publish(stream: StreamId, events: readonly StoredEvent[], onFault: (error: unknown) => void): void {
    for (const { prefix, taps } of this.#kinds.values()) {
      if (!stream.startsWith(prefix)) continue
      for (const tap of taps) {
        try {
          tap(stream, events)
        } catch (error) {
          onFault(error)
        }
      }
    }
  }
}

const pageEvents = 100
const maxPages = 10

/** The number before the first event at or after `since`, looking back over at most a thousand events. */
export async function cursorAt(
  journal: Pick<Journal, 'last'>,
  stream: StreamId,
  since: Micros,
): Promise<number> {
  let before: number | undefined
  for (let page = 0; page < maxPages; page++) {
    const events = await journal.last(stream, { limit: pageEvents, before })
    const older = events.findLast((event) => event.at < since)
    if (older) return older.seq
    const first = events[0]?.seq
    if (first === undefined || events.length < pageEvents) return (first ?? before ?? 1) - 1
    before = first
  }
  return (before ?? 1) - 1
}
