import type { EventId, Stop, StreamId } from '../ids/index.js'
import type { Page, StoredEvent, Unit, UnitResult } from './port.js'

/** Events of one commit group, by stream, as soon as the group is durable. */
export type CommitGroup = readonly { stream: StreamId; events: readonly StoredEvent[] }[]

/**
 * The durable half of a log: one engine's committer and reader. Knows nothing of followers or other nodes.
 * `sqliteJournal` and `postgresJournal` implement it; the log is built on top once.
 */
export interface Journal {
  commit(unit: Unit): Promise<UnitResult>
  read(stream: StreamId, options: { after: number; limit: number }): Promise<Page>
  last(stream: StreamId, options: { limit: number; before?: number }): Promise<StoredEvent[]>
  find(stream: StreamId, id: EventId): Promise<StoredEvent | undefined>
  /** Newest number of each stream that exists. */
  heads(streams: readonly StreamId[]): Promise<Map<StreamId, number>>
  blank(stream: StreamId, seqs: readonly number[]): Promise<void>
  trim(stream: StreamId, before: number): Promise<void>
  drop(stream: StreamId): Promise<void>
  /** Called once a group, before the promises of its units resolve; each stream's events in order of `seq`. */
  onCommit(listener: (group: CommitGroup) => void): Stop
  close(): Promise<void>
}
