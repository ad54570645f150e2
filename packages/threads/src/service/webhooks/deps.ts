import type { DeliveryQueue, GuardedFetch, Outbox } from '@parley/kernel/delivery'
import type { Ground } from '@parley/kernel/ground'
import type { ThreadStore } from '../../store/port.js'
import type { WebhookStore } from '../../store/webhooks/port.js'
import type { ResolvedWebhookOptions } from './options.js'
import type { WebhookRegistry } from './registry.js'

/** Everything that webhooks work with; made once. */
export type WebhookDeps = {
  ground: Ground
  threads: ThreadStore
  store: WebhookStore
  options: ResolvedWebhookOptions
  outbox: Outbox
  queue: DeliveryQueue
  guard: GuardedFetch
  registry: WebhookRegistry
  maxAgeMs: number
}
