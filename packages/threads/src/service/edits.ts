// Editing and deleting messages (contract 9): the log stays as it is, and an event says what readers show instead.
import type { EventId } from '@parley/kernel/ids'
import type { StoredEvent } from '@parley/kernel/log'
import { threadsErrors } from '../errors.js'
import type { MessageEdit, ThreadEvent } from '../protocol/index.js'
import type { Caller } from './caller.js'
import { withdrawFormsOf } from './decisions/withdraw.js'
import type { ThreadsDeps } from './deps.js'
import { streamOf, toDraft, toWireEvent } from './events.js'
import { enter } from './gate.js'

/** Reads one event. Throws `threads.event_not_found`. */
export async function getEvent(
  deps: ThreadsDeps,
  caller: Caller,
  threadId: string,
  eventId: string,
): Promise<ThreadEvent> {
  await enter(deps, caller, threadId, 'thread.read')
  return toWireEvent(await find(deps, threadId, eventId))
}

/**
 * Gives a message of the caller new content; answers the event that says so. Throws `threads.event_not_found` for what
 * is no message of this thread or was deleted, and `threads.not_the_author`.
 */
export async function editMessage(
  deps: ThreadsDeps,
  caller: Caller,
  threadId: string,
  eventId: string,
  readBody: () => MessageEdit | Promise<MessageEdit>,
): Promise<ThreadEvent> {
  await enter(deps, caller, threadId, 'message.send')
  await assertOwnMessage(deps, caller, threadId, eventId)
  if (await isDeleted(deps, threadId, eventId)) throw threadsErrors.eventNotFound()
  const { content } = await readBody()
  deps.rates.count(caller)
  const extra = { target_id: eventId, content }
  const result = await deps.commit({
    ops: [deps.store.memberGuard(threadId, caller.identity.id), deps.store.editMessage(threadId, eventId)],
    appends: [appendOf(caller, threadId, 'message.edited', extra)],
  })
  if (result.outcome === 'refused') throw whyRefused(result.op)
  // The cast: a unit without keys that was not refused has appended its event.
  return toWireEvent(result.appended[0]?.events[0] as StoredEvent)
}

/** Takes a message of the caller back. Doing it again is harmless. Throws as `editMessage` does. */
export async function deleteMessage(
  deps: ThreadsDeps,
  caller: Caller,
  threadId: string,
  eventId: string,
): Promise<void> {
  await enter(deps, caller, threadId, 'message.send')
  await assertOwnMessage(deps, caller, threadId, eventId)
  if (await isDeleted(deps, threadId, eventId)) return
  deps.rates.count(caller)
  const result = await deps.commit({
    ops: [
      deps.store.memberGuard(threadId, caller.identity.id),
      deps.store.deleteMessage(threadId, eventId, deps.ground.clock.micros()),
      ...(await withdrawFormsOf(deps, threadId, eventId)),
    ],
    appends: [appendOf(caller, threadId, 'message.deleted', { target_id: eventId })],
  })
  if (result.outcome === 'refused' && result.op === 0) throw whyRefused(result.op)
}

/** Between the gate and the commit the caller was removed (the first guard), or the message was deleted. */
const whyRefused = (op: number): Error =>
  op === 0 ? threadsErrors.notAMember() : threadsErrors.eventNotFound()

const appendOf = (
  { identity }: Caller,
  threadId: string,
  type: 'message.edited' | 'message.deleted',
  extra: Readonly<Record<string, unknown>>,
) => ({ stream: streamOf(threadId), drafts: [toDraft(type, { author: identity }, extra)] })

async function assertOwnMessage(
  deps: ThreadsDeps,
  { identity }: Caller,
  threadId: string,
  eventId: string,
): Promise<void> {
  const { type, author } = toWireEvent(await find(deps, threadId, eventId))
  if (type !== 'message') throw threadsErrors.eventNotFound()
  if (author.id !== identity.id || author.role !== identity.role) throw threadsErrors.notTheAuthor()
}

async function isDeleted({ store }: ThreadsDeps, threadId: string, eventId: string): Promise<boolean> {
  return (await store.findDeletedMessages(threadId, [eventId])).length > 0
}

async function find(
  { ground: { log } }: ThreadsDeps,
  threadId: string,
  eventId: string,
): Promise<StoredEvent> {
  // The cast: an id from outside; one that names nothing finds nothing.
  const event = await log.find(streamOf(threadId), eventId as EventId)
  if (!event) throw threadsErrors.eventNotFound()
  return event
}
