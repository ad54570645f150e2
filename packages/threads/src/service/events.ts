import type { StreamId } from '@parley/kernel/ids'
import type { Draft, StoredEvent } from '@parley/kernel/log'
import { type Identity, type ThreadEvent, toIsoTime } from '../protocol/index.js'
import { toActor } from './caller.js'

/** The stream of a thread: its events, all of them, and nothing else. */
export const streamOf = (threadId: string): StreamId => `thread:${threadId}`

const threadOf = (stream: StreamId): string => stream.slice('thread:'.length)

/** Members that every event has beside those that the log gives (`id`, `seq`, `created_at`). */
export type EventCommons = {
  author: Identity
  run_id?: string
  metadata?: Record<string, unknown>
  client_id?: string
  recipients?: readonly string[] | null
}

/** An event that is about to be appended: what all have, then what its type has. */
export function toDraft(
  type: ThreadEvent['type'],
  { author, run_id, metadata, client_id, recipients }: EventCommons,
  extra: Readonly<Record<string, unknown>> = {},
): Draft {
  const commons = {
    run_id: run_id ?? null,
    author,
    metadata: metadata ?? {},
    client_id: client_id ?? null,
    recipients: recipients ?? null,
  }
  return { type, actor: toActor(author), body: { ...commons, ...extra } }
}

/** The event's JSON as the wire has it: the same bytes live, replayed and read. */
export function toWireText(event: StoredEvent): string {
  const { id, stream, type, seq, at, body } = event
  const head = { id, thread_id: threadOf(stream), type, seq, created_at: toIsoTime(at) }
  // The body is an object with members: its text goes on where the head's ends.
  return `${JSON.stringify(head).slice(0, -1)},${body.slice(1)}`
}

/** The event as an object. */
export const toWireEvent = (event: StoredEvent): ThreadEvent => JSON.parse(toWireText(event)) as ThreadEvent
