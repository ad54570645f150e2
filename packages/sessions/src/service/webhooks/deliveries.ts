// Looking at deliveries of a session, and trying them again.

import type { DeliveryQueue, DeliverySummary, Outbox } from '@parley/kernel/delivery'
import type { Principal } from '@parley/kernel/principal'
import { sessionsErrors } from '../../errors.js'
import type { WebhookDelivery } from '../../protocol/index.js'
import type { SessionsStore } from '../../store/port.js'
import { readSession } from '../gate.js'
import type { SessionsService, WebhookDeliveryQuery } from '../port.js'
import { toWireTime } from '../times.js'
import { laneOf, queueName, targetOf } from './enqueue.js'

type DeliveriesDeps = { store: Pick<SessionsStore, 'sessions'>; outbox: Outbox; queue: DeliveryQueue }

const [defaultLimit, maxLimit] = [50, 500]

export function webhookDeliveries(deps: DeliveriesDeps): NonNullable<SessionsService['webhooks']> {
  return {
    deliveries: (by, id, query = {}) => listDeliveries(deps, by, id, query),
    retry: (by, id, deliveryId) => retryDelivery(deps, by, { id, deliveryId }),
  }
}

async function listDeliveries(
  deps: DeliveriesDeps,
  by: Principal,
  id: string,
  { state, before, limit = defaultLimit }: WebhookDeliveryQuery,
): Promise<WebhookDelivery[]> {
  if (!isWhole(limit) || limit > maxLimit) throw sessionsErrors.invalidRequest({ message: 'Invalid limit' })
  if (before !== undefined && !isWhole(before))
    throw sessionsErrors.invalidRequest({ message: 'Invalid before' })
  await readSession(deps, by, id)
  const webhooks = await deps.store.sessions.listWebhooks(id)
  const lanes = webhooks.map((webhook) => laneOf(id, webhook.id))
  const found = await Promise.all(
    lanes.map((lane) => deps.outbox.list({ queue: queueName, lane, limit, before, state })),
  )
  const newest = found.flat().sort((a, b) => b.position - a.position)
  return newest.slice(0, limit).map(toDelivery)
}

const isWhole = (value: number): boolean => Number.isSafeInteger(value) && value >= 1

async function retryDelivery(
  deps: DeliveriesDeps,
  by: Principal,
  { id, deliveryId }: { id: string; deliveryId: string },
): Promise<void> {
  await readSession(deps, by, id)
  const found = await deps.outbox.get(deliveryId)
  if (found?.queue !== queueName || targetOf(found).sessionId !== id) throw sessionsErrors.webhookNotFound()
  if (!(await deps.outbox.retry(deliveryId))) throw sessionsErrors.webhookNotFound()
  deps.queue.nudge()
}

const toIsoOrNull = (micros: number | undefined): string | null =>
  micros === undefined ? null : toWireTime(micros)

function toDelivery(summary: DeliverySummary): WebhookDelivery {
  const { webhookId, eventId, eventType } = targetOf(summary)
  const { id, position, state, attempts } = summary
  return {
    id,
    position,
    webhookId,
    eventId,
    eventType,
    state,
    attempts,
    createdAt: toWireTime(summary.createdAt),
    nextAt: toIsoOrNull(summary.nextAt),
    sentAt: toIsoOrNull(summary.sentAt),
    deadAt: toIsoOrNull(summary.deadAt),
    lastError: summary.lastError ?? null,
    lastStatus: summary.lastStatus ?? null,
  }
}
