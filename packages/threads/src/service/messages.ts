// Sending messages (contract 2.4, 3.3).
import type { UnitResult } from '@parley/kernel/log'
import { threadsErrors } from '../errors.js'
import type { EventDraft, ThreadEvent } from '../protocol/index.js'
import type { Caller } from './caller.js'
import type { ThreadsDeps } from './deps.js'
import { streamOf, toDraft, toWireEvent } from './events.js'
import { enter } from './gate.js'

/** `isNew` is false for a retry: the event is the one that was stored first. */
export type SentMessage = { event: ThreadEvent; isNew: boolean }

/**
 * Stores a message; it is durable when this resolves. With a `client_id` it is safe to send again. Throws
 * `threads.recipient_not_member` when a recipient is no member.
 */
export async function sendMessage(
  deps: ThreadsDeps,
  caller: Caller,
  threadId: string,
  readDraft: () => EventDraft | Promise<EventDraft>,
): Promise<SentMessage> {
  await enter(deps, caller, threadId, 'message.send')
  const draft = await readDraft()
  const recipients = await recipientsOf(deps, caller, threadId, draft)
  deps.rates.count(caller)

  const { client_id, content, metadata } = draft
  const commons = { author: caller.identity, client_id: client_id ?? undefined, metadata, recipients }
  const append = {
    stream: streamOf(threadId),
    drafts: [toDraft('message', commons, { content })],
    // The key counts by author: two people may use the same one.
    ...(client_id && { key: `client:${client_id}` }),
  }
  const result = await deps.commit({
    ops: [deps.store.memberGuard(threadId, caller.identity.id)],
    appends: [append],
  })
  return toSent(result)
}

function toSent(result: UnitResult): SentMessage {
  // Between the gate and the commit the caller was removed, or the thread was.
  if (result.outcome === 'refused') throw threadsErrors.notAMember()
  const event = result.appended[0]?.events[0]
  if (!event) throw threadsErrors.conflict({ message: 'this client_id was used, and its message is gone' })
  return { event: toWireEvent(event), isNew: result.outcome === 'committed' }
}

/** Who a message is meant for: members, without the author and repeats; null for everybody. */
async function recipientsOf(
  { store }: ThreadsDeps,
  { identity }: Caller,
  threadId: string,
  { recipients }: EventDraft,
): Promise<string[] | null> {
  const others = [...new Set(recipients ?? [])].filter((id) => id !== identity.id)
  if (others.length === 0) return null
  const members = new Set((await store.listMembers(threadId)).map(({ identityId }) => identityId))
  const stranger = others.find((id) => !members.has(id))
  if (stranger !== undefined)
    throw threadsErrors.recipientNotMember({ message: `recipient is not a member: ${stranger}` })
  return others
}
