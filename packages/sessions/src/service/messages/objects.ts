import type { QueuedMessage } from '../../protocol/index.js'
import type { MessageRow } from '../../store/port.js'
import { toWireTime } from '../times.js'

/** A message as the wire has it. One that is being sent is still pending there. */
export function toQueuedMessage(row: MessageRow): QueuedMessage {
  const { id, sessionId, text, runtime, agent, agentTemplateId, directory, status } = row
  return {
    id,
    sessionId,
    text,
    runtime,
    agent,
    agentTemplateId,
    directory,
    status: status === 'sent' ? 'sent' : 'pending',
    createdAt: toWireTime(row.createdAt),
    sentAt: row.sentAt === null ? null : toWireTime(row.sentAt),
  }
}
