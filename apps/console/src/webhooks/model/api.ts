import { readList, readNumber, readObject, readText, readTextOrNull } from '../../api/read.js'
import { request } from '../../api/request.js'
import type { Tenant } from '../../threads/model/tenant.js'
import {
  type Attempt,
  type Delivery,
  type DeliveryState,
  parseAttempt,
  parseDelivery,
  parseWebhook,
  type Webhook,
} from './webhook.js'

/** One page, newest first; `nextCursor` is null on the last one. */
export type WebhookList = { readonly webhooks: readonly Webhook[]; readonly nextCursor: string | null }

export async function listWebhooks(cursor: string): Promise<WebhookList> {
  const query = new URLSearchParams({ limit: '50' })
  if (cursor) query.set('cursor', cursor)
  const body = readObject(await request('GET', `/webhooks?${query}`))
  return { webhooks: readList(body.items).map(parseWebhook), nextCursor: readTextOrNull(body.next_cursor) }
}

export const getWebhook = async (id: string): Promise<Webhook> =>
  parseWebhook(await request('GET', pathOf(id)))

/** A webhook that is to be made. `tenant` null: events of all rooms. */
export type NewWebhook = {
  readonly url: string
  readonly description: string
  readonly eventTypes: readonly string[]
  readonly tenant: Tenant | null
  readonly roomId: string | null
}

/** Its secret is told once, here. */
export async function createWebhook(wanted: NewWebhook): Promise<{ id: string; secret: string }> {
  const { url, description, eventTypes, tenant, roomId } = wanted
  const given = { url, description, event_types: eventTypes, tenant, thread_id: roomId }
  const body = readObject(await request('POST', '/webhooks', given))
  return { id: readText(body.id), secret: readText(body.secret) }
}

export async function enableWebhook(id: string, isEnabled: boolean): Promise<void> {
  await request('PATCH', pathOf(id), { is_enabled: isEnabled })
}

/** Answers the new secret, and until when the one before signs as well. */
export async function rotateSecret(id: string): Promise<{ secret: string; previousUntil: string }> {
  const body = readObject(await request('POST', `${pathOf(id)}/rotate-secret`))
  return { secret: readText(body.secret), previousUntil: readText(body.previous_until) }
}

export async function deleteWebhook(id: string): Promise<void> {
  await request('DELETE', pathOf(id))
}

/** One page, newest first; `nextBefore` is null on the last one. */
export type DeliveryList = { readonly deliveries: readonly Delivery[]; readonly nextBefore: number | null }

/** `before` 0: the newest. */
export async function listDeliveries(
  webhookId: string,
  state: DeliveryState | null,
  before: number,
): Promise<DeliveryList> {
  const query = new URLSearchParams({ limit: '50' })
  if (state) query.set('state', state)
  if (before > 0) query.set('before', String(before))
  const body = readObject(await request('GET', `${pathOf(webhookId)}/deliveries?${query}`))
  return {
    deliveries: readList(body.items).map(parseDelivery),
    nextBefore: typeof body.next_before === 'number' ? body.next_before : null,
  }
}

/** The last tries of a delivery, the oldest first. */
export async function listAttempts(webhookId: string, id: string): Promise<Attempt[]> {
  return readList(readObject(await request('GET', deliveryPath(webhookId, id))).history).map(parseAttempt)
}

export async function retryDelivery(webhookId: string, id: string): Promise<void> {
  await request('POST', `${deliveryPath(webhookId, id)}/retry`)
}

export async function discardDelivery(webhookId: string, id: string): Promise<void> {
  await request('POST', `${deliveryPath(webhookId, id)}/discard`)
}

/** Sends what happened in a room after an event again. Answers how many are on their way. */
export async function replay(webhookId: string, roomId: string, afterSeq: number): Promise<number> {
  const body = await request('POST', `${pathOf(webhookId)}/replay`, {
    thread_id: roomId,
    after_seq: afterSeq,
  })
  return readNumber(readObject(body).enqueued)
}

const pathOf = (id: string): string => `/webhooks/${encodeURIComponent(id)}`

const deliveryPath = (webhookId: string, id: string): string =>
  `${pathOf(webhookId)}/deliveries/${encodeURIComponent(id)}`
