export { deliveryErrors } from './errors.js'
export { createOutbox, type OutboxOptions } from './outbox.js'
export type {
  Delivery,
  DeliveryAttempt,
  DeliveryDraft,
  DeliveryFilter,
  DeliveryQueue,
  DeliveryState,
  DeliverySummary,
  Outbox,
  QueueOptions,
  Send,
  SendOutcome,
} from './port.js'
export { type PurgeOptions, startPurge } from './purge.js'
export {
  createGuardedFetch,
  type GuardedAnswer,
  type GuardedFetch,
  type GuardedFetchOptions,
  type GuardedRequest,
  type ResolveHost,
} from './safe-fetch.js'
export { type SendWebhookOptions, sendWebhook, type WebhookEndpoint } from './webhook-send.js'
export {
  newWebhookSecret,
  type SignWebhookOptions,
  signWebhook,
  type VerifyWebhookOptions,
  verifyWebhook,
  type WebhookHeaders,
} from './webhook-signature.js'
