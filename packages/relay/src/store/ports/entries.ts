import type { Op } from '@parley/kernel/db'
import type { Micros } from '@parley/kernel/ids'
import type { InstanceKey } from './instances.js'

/** Something that waits for an instance to take it; its frame is the event at `position` of the instance's stream. */
export type EntryRow = InstanceKey & {
  position: number
  /** The id of its event. */
  bufferId: string
  kind: 'inbound' | 'passthrough'
  bytes: number
  createdAt: Micros
  expiresAt: Micros
  /** How often it was sent on a socket. */
  deliveries: number
}

export type EntryDraft = InstanceKey &
  Pick<EntryRow, 'bufferId' | 'kind' | 'bytes' | 'createdAt' | 'expiresAt'> & {
    /** The stream that the frame is appended to: one of a former life of the instance is refused. Default: not looked at. */
    stream?: string
  }

export interface EntryRows {
  /**
   * Counts the instance's `appended` up and inserts with that position. Refuses its unit when the instance is not there, or has
   * another stream by now. Must stand in one unit with exactly one append to the instance's stream for each entry, in the same order.
   */
  append(draft: EntryDraft): Op[]
  /** Drops the oldest beyond the limits, and counts them in `dropped`. For the same unit, after `append`. */
  trim(key: InstanceKey, limits: { entries: number; bytes: number }): Op[]
  /** The oldest after a position, in order. */
  list(key: InstanceKey, query: { after: number; limit: number }): Promise<EntryRow[]>
  /** Forgets one. Touches nothing when it is another instance's, or gone. */
  settle(key: InstanceKey, bufferId: string): Op
  /** Counts a delivery of each. */
  delivered(key: InstanceKey, bufferIds: readonly string[]): Op
  /** Depth, bytes and the age of the oldest, of each instance that has any. */
  depths(query: { tenant?: string }): Promise<(InstanceKey & BufferDepth)[]>
  depth(key: InstanceKey): Promise<BufferDepth>
  /** Forgets what has expired, the longest expired first, with its count in `dropped`; at most `expireLimit`. */
  expire(at: Micros): Op[]
  /** How many have expired; counts no further than `expireLimit`. */
  countExpired(at: Micros): Promise<number>
}

/** How many entries `expire` forgets at once. */
export const expireLimit = 1_000

export type BufferDepth = { entries: number; bytes: number; oldestAt: Micros | null }
