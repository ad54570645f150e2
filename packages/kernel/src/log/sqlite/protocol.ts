// What the journal asks of the writer's worker, and what it answers.
import type { SqlValue } from '../../db/port.js'
import type { Fault } from '../../db/sqlite/protocol.js'
import type { Micros, StreamId } from '../../ids/index.js'

/** One batch of units as a flat list, laid out in `batch.ts`. */
export type CommitRequest = { kind: 'commit'; now: Micros; cells: readonly SqlValue[] }
export type BlankRequest = { kind: 'blank'; stream: StreamId; seqs: readonly number[] }
export type TrimRequest = { kind: 'trim'; stream: StreamId; before: number }
export type DropRequest = { kind: 'drop'; stream: StreamId }
export type JournalRequest = CommitRequest | BlankRequest | TrimRequest | DropRequest

/**
 * What became of a batch, unit by unit, each beginning with its `Outcome`:
 * - committed: `firstSeq, firstAt` of each append
 * - refused: index of the op
 * - replayed: 1 or 0 for the same content, how many keys were known, then for each the index of its append,
 *   its `firstSeq`, and the index of its events in `texts`
 * - raised: index in `faults`
 */
export type CommitAnswer = { numbers: number[]; texts: string[]; faults: Fault[] }

/** First number of a unit's answer. */
export const outcomes = { committed: 0, refused: 1, replayed: 2, raised: 3 } as const
