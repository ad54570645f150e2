// Sends one message now, whatever the session is doing.

import type { Principal } from '@parley/kernel/principal'
import { sessionsErrors } from '../../errors.js'
import type { PromptResult, QueuedPromptResponse } from '../../protocol/index.js'
import type { MessageRow, SessionRow } from '../../store/port.js'
import { canSee, liveSession } from '../gate.js'
import { type MessagesDeps, promptKey } from './deps.js'

export async function sendMessage(
  deps: MessagesDeps,
  by: Principal,
  id: number,
): Promise<PromptResult | QueuedPromptResponse> {
  const message = await findMessage(deps, by, id)
  const session = await sessionOf(deps, by, message)
  const hasClaim = await move(deps, id, 'sending', ['pending'])
  const isNew = message.status === 'sent'
  const key = isNew ? `${promptKey(id)}:${deps.ground.ids.next()}` : promptKey(id)
  try {
    const result = await deps.prompt(session, { text: message.text, key, by })
    await move(deps, id, 'sent', ['pending', 'sending', 'sent'])
    return result
  } catch (error) {
    if (hasClaim) await move(deps, id, 'pending', ['sending'])
    throw error
  }
}

async function findMessage({ store }: MessagesDeps, by: Principal, id: number): Promise<MessageRow> {
  const found = Number.isSafeInteger(id) ? await store.messages.find(id) : undefined
  if (!found || !canSee(by, found)) throw sessionsErrors.messageNotFound()
  return found
}

async function sessionOf({ store }: MessagesDeps, by: Principal, message: MessageRow): Promise<SessionRow> {
  if (message.sessionId === null) throw sessionsErrors.invalidRequest({ message: 'No session attached' })
  return liveSession({ store }, by, message.sessionId)
}

/** False when it was in none of the states `from`. */
async function move(
  { ground, store }: MessagesDeps,
  id: number,
  status: MessageRow['status'],
  from: readonly MessageRow['status'][],
): Promise<boolean> {
  const sentAt = status === 'sent' ? ground.clock.micros() : null
  const change = store.messages.change(id, { status, sentAt }, from)
  return (await ground.log.commit({ ops: [change], appends: [] })).outcome === 'committed'
}
