// Pages of a thread's events (contract 3.2).
import type { StoredEvent } from '@parley/kernel/log'
import type { EventQuery } from '../protocol/index.js'
import type { Caller } from './caller.js'
import type { ThreadsDeps } from './deps.js'
import { streamOf, toWireText } from './events.js'
import { enter } from './gate.js'
import { seqAtOrAfter, seqAtOrBefore, toThreadPosition } from './position.js'

/** Events read from the log at once: with a filter nobody knows how many of them are wanted. */
const batchOf = ({ types, limit }: EventQuery): number => (types ? 500 : limit + 1)

/** One page as JSON text: `{"items":[…],"next_cursor":…}`. */
export async function readEvents(
  deps: ThreadsDeps,
  caller: Caller,
  threadId: string,
  readQuery: () => EventQuery,
): Promise<string> {
  await enter(deps, caller, threadId, 'thread.read')
  const query = readQuery()
  const events = await take(walk(deps, threadId, query), query.limit + 1)
  const items = events.slice(0, query.limit)
  const last = events.length > query.limit ? items.at(-1) : undefined
  return `{"items":[${items.map(toWireText).join(',')}],"next_cursor":${cursorOf(last)}}`
}

function cursorOf(event: StoredEvent | undefined): string {
  if (!event) return 'null'
  const { created_at, id } = JSON.parse(toWireText(event)) as { created_at: string; id: string }
  return JSON.stringify({ created_at, id })
}

async function take(events: AsyncIterable<StoredEvent>, most: number): Promise<StoredEvent[]> {
  const taken: StoredEvent[] = []
  for await (const event of events) {
    taken.push(event)
    if (taken.length === most) break
  }
  return taken
}

async function* walk(deps: ThreadsDeps, threadId: string, query: EventQuery): AsyncIterable<StoredEvent> {
  const isWanted = ({ type }: StoredEvent) => !query.types || query.types.includes(type)
  const events = query.order === 'desc' ? backwards(deps, threadId, query) : forwards(deps, threadId, query)
  for await (const event of events) if (isWanted(event)) yield event
}

async function* forwards(
  { ground: { log } }: ThreadsDeps,
  threadId: string,
  query: EventQuery,
): AsyncIterable<StoredEvent> {
  const { cursor, afterSeq = 0 } = query
  const from = cursor ? await seqAtOrBefore(log, threadId, toThreadPosition(cursor)) : 0
  for (let after = Math.max(from, afterSeq); ; ) {
    const { events } = await log.read(streamOf(threadId), { after, limit: batchOf(query) })
    yield* events
    const last = events.at(-1)
    if (!last) return
    after = last.seq
  }
}

async function* backwards(
  { ground: { log } }: ThreadsDeps,
  threadId: string,
  query: EventQuery,
): AsyncIterable<StoredEvent> {
  const { cursor, afterSeq = 0 } = query
  const limit = batchOf(query)
  let before = cursor ? await seqAtOrAfter(log, threadId, toThreadPosition(cursor)) : undefined
  for (;;) {
    const events = await log.last(streamOf(threadId), { limit, ...(before !== undefined && { before }) })
    for (const event of events.toReversed()) {
      if (event.seq <= afterSeq) return
      yield event
    }
    if (events.length < limit) return
    before = events[0]!.seq
  }
}
