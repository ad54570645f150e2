import type { Op } from '../db/port.js'
import type { EventId, Micros, Stop, StreamId } from '../ids/index.js'
import type { Identity } from '../principal/index.js'

/** One thing that happened. */
export type StoredEvent = {
  readonly stream: StreamId
  /** 1, 2, 3 … per stream, without a gap that a reader could see. */
  readonly seq: number
  readonly id: EventId
  /** Strictly increasing per stream. */
  readonly at: Micros
  readonly type: string
  readonly actor: Identity
  readonly cause?: { readonly stream: StreamId; readonly seq: number }
  /** The bridge that mirrored this event. */
  readonly origin?: string
  /** The exact JSON text; live and replay send these bytes. */
  readonly body: string
}

/** An event that is about to be appended. */
export type Draft = {
  type: string
  actor: Identity
  /** Turned into JSON text once. A string is taken as `RawJson` only when wrapped by `rawJson`. */
  body: unknown
  id?: EventId
  cause?: { stream: StreamId; seq: number }
  origin?: string
}

/** Appends of one unit. `key` makes a retry safe: `(stream, actor of the first draft, key)` is remembered for ever. */
export type Append = { stream: StreamId; drafts: readonly Draft[]; key?: string }

/** Statements and appends that commit together or not at all. */
export type Unit = { ops: readonly Op[]; appends: readonly Append[] }

export type Appended = { stream: StreamId; firstSeq: number; events: StoredEvent[] }

export type UnitResult =
  | { outcome: 'committed'; appended: Appended[] }
  /**
   * A key of the unit was used before: nothing was done. `same` tells whether the content was the same.
   * `events` lacks what was trimmed since; `firstSeq` stays.
   */
  | { outcome: 'replayed'; same: boolean; appended: Appended[] }
  /** The guard `ops[op]` touched too few rows: nothing was done. */
  | { outcome: 'refused'; op: number }

export type Page = {
  events: StoredEvent[]
  /** Number of the newest event, 0 for an empty or unknown stream. */
  head: number
  /** Number of the oldest event that is still there; `head + 1` when none is. */
  first: number
}

/** Items of a follower that are not events. */
export type CaughtUp = { mark: 'caught_up'; seq: number }
/** Events up to `first - 1` were trimmed; the follower goes on from `first`. */
export type HistoryGone = { mark: 'history_gone'; first: number }
/** The stream was dropped; the last item. */
export type Gone = { mark: 'gone' }
/** Ephemeral: never stored, may be lost. */
export type Signal = { mark: 'signal'; payload: string }
export type FollowItem = StoredEvent | CaughtUp | HistoryGone | Gone | Signal

export type FollowOptions = { after?: number; signal: AbortSignal }

/** Called in `seq` order on the turn of the event loop that learned of the events. A gap is possible: read the log. */
export type Tap = {
  events?(events: readonly StoredEvent[]): void
  /** Events may have come since the tap began that it was not told of. For whoever looks somewhere else than in the log. */
  missed?(): void
  signal?(payload: string): void
  gone?(): void
}

/** The durable log: everything that happens, in numbered streams. */
export interface Log {
  /** Durable when it resolves. Rejects only for faults (a statement that the database does not take, a closed log). */
  commit(unit: Unit): Promise<UnitResult>
  /** At most `limit` (default 500, at most 10,000) events after `after`. */
  read(stream: StreamId, options: { after: number; limit?: number }): Promise<Page>
  /** The newest `limit` events (before `before`, exclusive), oldest first. */
  last(stream: StreamId, options: { limit: number; before?: number }): Promise<StoredEvent[]>
  /** The event of a stream with an id; undefined when there is none. */
  find(stream: StreamId, id: EventId): Promise<StoredEvent | undefined>
  /**
   * Everything after `after` (default 0), then `caught_up` once, then live. Subscribes first and reads second, drops
   * repeats by `seq`, reads again on a gap. Memory is bounded: a follower that is slow is fed from the log.
   */
  follow(stream: StreamId, options: FollowOptions): AsyncIterable<FollowItem>
  /** Live events of all streams of a kind as this node learns of them; each stream's in order, without repeats. */
  followKind(kind: string, options: { signal: AbortSignal }): AsyncIterable<StoredEvent>
  /** Live events and signals of one stream, pushed. What `follow` and the socket feed are made of. */
  tap(stream: StreamId, tap: Tap): Stop
  /** Sends an ephemeral payload to the followers of a stream, on every node. */
  signal(stream: StreamId, payload: string): void
  /** Erases bodies (they become `null`) and keeps the rows. */
  blank(stream: StreamId, seqs: readonly number[]): Promise<void>
  /** Forgets events with `seq < before`. Retry keys stay. */
  trim(stream: StreamId, before: number): Promise<void>
  /** Forgets the stream and tells its followers `gone`. */
  drop(stream: StreamId): Promise<void>
  close(): Promise<void>
}

/** A page's events are answered as one JSON text where that is cheapest: this marks text that is JSON already. */
export class RawJson {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** Marks text as JSON, so that a draft's body is stored byte for byte. */
export const rawJson = (text: string): RawJson => new RawJson(text)

/** True for everything a follower yields that is not an event. */
export function isMark(item: FollowItem): item is Exclude<FollowItem, StoredEvent> {
  return 'mark' in item
}
