// Answer of `GET /agents/:id/webhooks/deliveries`. Ours, beside the contract.

import type { WebhookEventType } from './session.js'

/** `dead`: given up. */
export type WebhookDeliveryState = 'waiting' | 'sending' | 'sent' | 'dead'

/** One event on its way to one receiver. Times are ISO-8601. */
export type WebhookDelivery = {
  id: string
  /** Grows with every delivery; the cursor of the list. */
  position: number
  webhookId: string
  eventId: string
  eventType: WebhookEventType
  state: WebhookDeliveryState
  attempts: number
  createdAt: string
  /** When it is due; null at its end, and while an earlier one is on its way. */
  nextAt: string | null
  sentAt: string | null
  deadAt: string | null
  lastError: string | null
  /** HTTP status of the last attempt that got one. */
  lastStatus: number | null
}
export type WebhookDeliveriesResponse = { deliveries: WebhookDelivery[] }
