// Sending messages (contract 2.4, 3.3).
import type { UnitResult } from '@parley/kernel/log'
import { threadsErrors } from '../errors.js'
import type { EventDraft, ThreadEvent } from '../protocol/index.js'
import type { Caller } from './caller.js'
import { formSteps } from './decisions/forms.js'
import type { ThreadsDeps } from './deps.js'
import { streamOf, toDraft, toWireEvent } from './events.js'
import { assertAuthorized, enter } from './gate.js'
import { recipientsOf } from './recipients.js'
import { commitCalling } from './runs/calls.js'

/** `isNew` is false for a retry: the event is the one that was stored first. */
export type SentMessage = { event: ThreadEvent; isNew: boolean }

/**
 * Stores a message; it is durable when this resolves. With a `client_id` it is safe to send again. Recipients that are
 * assistants are started in the same unit; its forms ask and answer there, too. Throws `threads.recipient_not_member` when a recipient is no member, and
 * `threads.conflict` when one is active in a room that refuses such messages.
 */
export async function sendMessage(
  deps: ThreadsDeps,
  caller: Caller,
  threadId: string,
  readDraft: () => EventDraft | Promise<EventDraft>,
): Promise<SentMessage> {
  await enter(deps, caller, threadId, 'message.send')
  const draft = await readDraft()
  const author = caller.identity
  const recipients = await recipientsOf(deps, threadId, author.id, draft.recipients)
  await assertMayCall(deps, caller, threadId, recipients)
  deps.rates.count(caller)

  const { client_id, content, metadata } = draft
  const eventId = deps.ground.ids.next('evt')
  const steps = await formSteps(deps, { threadId, eventId, author, content })
  const commons = { author, client_id: client_id ?? undefined, metadata, recipients }
  const append = {
    stream: streamOf(threadId),
    drafts: [{ ...toDraft('message', commons, { content }), id: eventId }],
    // The key counts by author: two people may use the same one.
    ...(client_id && { key: `client:${client_id}` }),
  }
  const unit = { ops: [deps.store.memberGuard(threadId, author.id), ...steps.ops], appends: [append] }
  const result = await commitCalling(deps, { threadId, recipients, author, depth: 0 }, unit)
  // Otherwise the caller was removed between the gate and the commit, or the thread was.
  if (result.outcome === 'refused') throw (await steps.refusal()) ?? threadsErrors.notAMember()
  return toSent(result)
}

function toSent(result: Exclude<UnitResult, { outcome: 'refused' }>): SentMessage {
  const event = result.appended[0]?.events[0]
  if (!event) throw threadsErrors.conflict({ message: 'this client_id was used, and its message is gone' })
  return { event: toWireEvent(event), isNew: result.outcome === 'committed' }
}

/** Naming an assistant starts it: `authorize` is asked as for an invocation. Throws `threads.not_authorized`. */
async function assertMayCall(
  deps: ThreadsDeps,
  caller: Caller,
  threadId: string,
  recipients: readonly string[] | null,
): Promise<void> {
  for (const id of recipients ?? [])
    if (deps.assistants.find(id)) await assertAuthorized(deps, caller, threadId, 'assistant.invoke', id)
}
