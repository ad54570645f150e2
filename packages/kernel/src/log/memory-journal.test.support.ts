import type { EventId, Micros, StreamId } from '../ids/index.js'
import type { CommitGroup, Journal } from './journal.js'
import type { Draft, StoredEvent } from './port.js'

/** A journal of events only (no statements, no keys), and how often each stream was read. */
export type MemoryJournal = Journal & { reads: number; streams: Map<StreamId, StoredEvent[]> }

export function memoryJournal(now: () => Micros): MemoryJournal {
  const streams = new Map<StreamId, StoredEvent[]>()
  const firsts = new Map<StreamId, number>()
  const listeners = new Set<(group: CommitGroup) => void>()
  const eventsOf = (stream: StreamId) => streams.get(stream) ?? []

  const append = (stream: StreamId, drafts: readonly Draft[]): StoredEvent[] => {
    const events = eventsOf(stream)
    const head = events.at(-1)?.seq ?? 0
    const firstAt = Math.max(now(), (events.at(-1)?.at ?? -1) + 1)
    const added = drafts.map((draft, n): StoredEvent => {
      const seq = head + n + 1
      const id: EventId = `${stream}#${seq}`
      return {
        stream,
        seq,
        id,
        at: firstAt + n,
        type: draft.type,
        actor: draft.actor,
        body: JSON.stringify(draft.body),
      }
    })
    streams.set(stream, [...events, ...added])
    return added
  }

  const journal: MemoryJournal = {
    reads: 0,
    streams,
    commit: async ({ appends }) => {
      const group = appends.map(({ stream, drafts }) => ({ stream, events: append(stream, drafts) }))
      for (const listener of listeners) listener(group)
      const appended = group.map((part) => ({ ...part, firstSeq: part.events[0]?.seq ?? 0 }))
      return { outcome: 'committed', appended }
    },
    read: async (stream, { after, limit }) => {
      journal.reads += 1
      const all = eventsOf(stream)
      const first = firsts.get(stream) ?? 1
      const events = all.filter(({ seq }) => seq > after && seq >= first).slice(0, limit)
      return { events, head: all.at(-1)?.seq ?? 0, first }
    },
    last: async (stream, { limit, before = Number.POSITIVE_INFINITY }) =>
      eventsOf(stream)
        .filter(({ seq }) => seq < before)
        .slice(-limit),
    find: async (stream, id) => eventsOf(stream).find((event) => event.id === id),
    heads: async (asked) =>
      new Map(
        asked
          .filter((stream) => streams.has(stream))
          .map((stream) => [stream, eventsOf(stream).at(-1)?.seq ?? 0]),
      ),
    blank: async () => {},
    trim: async (stream, before) => {
      firsts.set(stream, before)
    },
    drop: async (stream) => {
      streams.delete(stream)
    },
    onCommit: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: async () => {},
  }
  return journal
}
