// Pages of a thread's events (contract 3.2).
import type { StoredEvent } from '@parley/kernel/log'
import type { EventQuery } from '../protocol/index.js'
import type { Caller } from './caller.js'
import type { ThreadsDeps } from './deps.js'
import { toWireText } from './events.js'
import { enter } from './gate.js'
import { seqAtOrAfter, seqAtOrBefore, toThreadPosition } from './position.js'
import { backwards, forwards, take } from './walk.js'

/** One page as JSON text: `{"items":[…],"next_cursor":…}`. */
export async function readEvents(
  deps: ThreadsDeps,
  caller: Caller,
  threadId: string,
  readQuery: () => EventQuery,
): Promise<string> {
  await enter(deps, caller, threadId, 'thread.read')
  const query = readQuery()
  const { events, hasMore } = await take(wanted(deps, threadId, query), { most: query.limit })
  const last = hasMore ? events.at(-1) : undefined
  return `{"items":[${events.map(toWireText).join(',')}],"next_cursor":${cursorOf(last)}}`
}

function cursorOf(event: StoredEvent | undefined): string {
  if (!event) return 'null'
  const { created_at, id } = JSON.parse(toWireText(event)) as { created_at: string; id: string }
  return JSON.stringify({ created_at, id })
}

async function* wanted(deps: ThreadsDeps, threadId: string, query: EventQuery): AsyncIterable<StoredEvent> {
  const { types, order } = query
  const events = order === 'desc' ? newestFirst(deps, threadId, query) : oldestFirst(deps, threadId, query)
  for await (const event of events) if (!types || types.includes(event.type)) yield event
}

/** With a filter nobody knows how many events are wanted. */
const likely = ({ types, limit }: EventQuery): number => (types ? Number.POSITIVE_INFINITY : limit + 1)

async function* oldestFirst(
  { ground: { log } }: ThreadsDeps,
  threadId: string,
  query: EventQuery,
): AsyncIterable<StoredEvent> {
  const { cursor, afterSeq = 0 } = query
  const from = cursor ? await seqAtOrBefore(log, threadId, toThreadPosition(cursor)) : 0
  yield* forwards({ log, threadId, wanted: likely(query), after: Math.max(from, afterSeq) })
}

async function* newestFirst(
  { ground: { log } }: ThreadsDeps,
  threadId: string,
  query: EventQuery,
): AsyncIterable<StoredEvent> {
  const { cursor, afterSeq = 0 } = query
  const before = cursor && (await seqAtOrAfter(log, threadId, toThreadPosition(cursor)))
  for await (const event of backwards({ log, threadId, wanted: likely(query), before })) {
    if (event.seq <= afterSeq) return
    yield event
  }
}
