// Cursors of time and id, turned into numbers of the stream (contract 3.2, 4.4).
import type { Micros } from '@parley/kernel/ids'
import type { Log, StoredEvent } from '@parley/kernel/log'
import { threadsErrors } from '../errors.js'
import { fromIsoTime, type ThreadCursor } from '../protocol/index.js'
import { streamOf } from './events.js'

/** A place in a list ordered by time, then by id. */
export type Position = { createdAt: Micros; id: string }

/** Throws `threads.invalid_request` for a time that can't be read. */
export function toThreadPosition({ created_at, id }: ThreadCursor): Position {
  const createdAt = fromIsoTime(created_at)
  if (createdAt === undefined)
    throw threadsErrors.invalidRequest({ message: 'the cursor has no readable time' })
  return { createdAt, id }
}

/**
 * Number of the last event at or before a position: reading goes on after it. Times grow strictly with numbers, so the
 * position need not be that of an event that still exists.
 */
export async function seqAtOrBefore(log: Log, threadId: string, position: Position): Promise<number> {
  const newest = await newestUntil(log, threadId, position.createdAt)
  if (!newest) return 0
  const isAfter = newest.at === position.createdAt && newest.id > position.id
  return isAfter ? newest.seq - 1 : newest.seq
}

/** Number before which reading backwards goes on: that of the first event at or after a position. */
export async function seqAtOrAfter(log: Log, threadId: string, position: Position): Promise<number> {
  const newest = await newestUntil(log, threadId, position.createdAt)
  if (!newest) return 1
  const isReached = newest.at === position.createdAt && newest.id >= position.id
  return isReached ? newest.seq : newest.seq + 1
}

/** The newest event that is not later than `at`, by halving: some twenty reads of one row for a million events. */
async function newestUntil(log: Log, threadId: string, at: Micros): Promise<StoredEvent | undefined> {
  const stream = streamOf(threadId)
  const { events, head, first } = await log.read(stream, { after: 0, limit: 1 })
  let found = events[0] && events[0].at <= at ? events[0] : undefined
  if (!found) return undefined
  let low = first
  let high = head
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    const [event] = (await log.read(stream, { after: middle - 1, limit: 1 })).events
    if (event && event.at <= at) {
      found = event
      low = event.seq
    } else high = middle - 1
  }
  return found
}
