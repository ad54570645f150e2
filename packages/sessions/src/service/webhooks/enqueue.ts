// Deliveries in the outbox: what is kept of them, and the statements that enqueue them.

import type { Op } from '@parley/kernel/db'
import type { DeliverySummary, Outbox } from '@parley/kernel/delivery'
import type { Ids } from '@parley/kernel/ids'
import type { WebhookConfig, WebhookEventType, WebhookPayload, WireEvent } from '../../protocol/index.js'
import { newUuid } from '../uuid.js'
import type { WebhookEvent } from './to-webhook.js'

export const queueName = 'sessions.webhook'

/** What a delivery is about. Secret and address are read when it is sent. */
export type Target = {
  readonly sessionId: string
  readonly webhookId: string
  readonly eventId: string
  readonly eventType: WebhookEventType
  /** Read off the host's events. */
  readonly derived: boolean
}

/** Receivers of a session get its events one after the other, each on its own. */
export const laneOf = (sessionId: string, webhookId: string): string => `${sessionId}:${webhookId}`

/** Bytes at most twice as many; what the outbox takes is more. */
const maxPayloadChars = 900_000

/** Statements for one event: a delivery for each receiver that wants it, all with one id and the same bytes. */
export function enqueueOps(
  { outbox, ids }: { outbox: Outbox; ids: Ids },
  webhooks: readonly WebhookConfig[],
  { sessionId, event, told }: { sessionId: string; event: WireEvent; told: WebhookEvent },
): Op[] {
  const eventId = newUuid(ids)
  const payload = toPayload({ sessionId, eventId, timestamp: event.timestamp, event: told })
  return webhooks.flatMap(({ id, url }) => {
    const target: Target = { sessionId, webhookId: id, eventId, eventType: told.type, derived: told.derived }
    const dedupe = `${sessionId}:${id}:${told.once ?? eventId}`
    // The origin alone: paths of such addresses may be secrets.
    const subject = new URL(url).origin
    return outbox.enqueueOps({
      queue: queueName,
      lane: laneOf(sessionId, id),
      subject,
      dedupe,
      payload,
      target,
    })
  })
}

// The cast: nothing but `enqueueOps` puts deliveries into this queue.
export const targetOf = ({ target }: Pick<DeliverySummary, 'target'>): Target => target as Target

function toPayload({ sessionId, eventId, timestamp, event: { type, data } }: WebhookPayload): string {
  const text = JSON.stringify({ sessionId, eventId, timestamp, event: { type, data } })
  if (text.length <= maxPayloadChars) return text
  return JSON.stringify({ sessionId, eventId, timestamp, event: { type, data: { truncated: true } } })
}
