// Webhooks as their operator sees them: snake_case, as a server sends them.
import type { DeliveryState } from '@parley/kernel/delivery'
import type { Page, ThreadCursor } from '../../protocol/index.js'
import type { TenantMap } from '../../store/port.js'
import type { DisabledReason } from '../../store/webhooks/port.js'

/** Where events go. Its secret is shown once, by `create` and `rotateSecret`. */
export type WebhookEndpoint = {
  id: string
  url: string
  description: string
  /** Names of event types, or `*` alone. */
  event_types: string[]
  /** Gets events of threads that an identity of this tenant would see; null: of all threads. */
  tenant: Record<string, string> | null
  /** Gets events of this thread only. */
  thread_id: string | null
  is_enabled: boolean
  /** Why the plane disabled it: it answered 410, or failed for too long. Null when a person did, or it is enabled. */
  disabled_reason: DisabledReason | null
  /** ISO-8601; null while its last answer was good. */
  failing_since: string | null
  created_at: string
}

/** One event on its way to one endpoint. Times are ISO-8601. */
export type WebhookDelivery = {
  /** Sent as `webhook-id`; the same in every attempt. */
  id: string
  /** Grows with every delivery; the cursor of their list. */
  position: number
  endpoint_id: string
  thread_id: string
  event_id: string
  event_type: string
  /** Asked for by `replay`. */
  is_replay: boolean
  /** `dead`: given up; `retry` tries it again. */
  state: DeliveryState
  attempts: number
  created_at: string
  /** Past this it is given up. */
  expires_at: string
  /** When it is due; null at its end, and while an earlier one of its thread is on its way. */
  next_at: string | null
  sent_at: string | null
  dead_at: string | null
  last_error: string | null
  /** HTTP status of the last attempt that got one. */
  last_status: number | null
}

/** What became of one attempt; `error` is null when it was sent. */
export type WebhookAttempt = {
  number: number
  at: string
  duration_ms: number
  status: number | null
  error: string | null
}

export type NewWebhook = {
  /** `https`; `http` only where private addresses are allowed. */
  url: string
  /** Names of event types. Default `['*']`: all. */
  eventTypes?: readonly string[]
  /** Default null: events of all threads. `{}`: of public ones. */
  tenant?: TenantMap | null
  /** Default null: events of all threads of the tenant. */
  threadId?: string | null
  /** At most 500 characters; default empty. */
  description?: string
}

/** What a change may set; what is absent stays. Enabling forgets that it failed. */
export type WebhookPatch = {
  url?: string
  eventTypes?: readonly string[]
  description?: string
  isEnabled?: boolean
}

export type WebhookListing = {
  /** Only endpoints of exactly this tenant; null: only those of all threads. Absent: any. */
  tenant?: TenantMap | null
  /** 1 to 500; default 50. */
  limit?: number
  cursor?: ThreadCursor
}

export type DeliveryListing = {
  state?: DeliveryState
  /** Only deliveries with a smaller `position`. */
  before?: number
  /** 1 to 500; default 50. */
  limit?: number
}

export type WebhookReplay = {
  threadId: string
  /** Events with a larger number are sent again; default 0. */
  afterSeq?: number
  /** Most events looked at; 1 to 10,000, default 1,000. */
  limit?: number
}

/**
 * Signed webhooks. An operator's service: it asks nobody for leave, so whoever mounts it does. Throws
 * `threads.webhook_not_found`, `threads.delivery_not_found`, and `threads.invalid_request` for what it can't take.
 */
export interface ThreadsWebhooks {
  /**
   * The endpoint gets what is committed from now on. Throws `threads.too_many_webhooks`, and
   * `threads.thread_not_found` for a thread that is not there, or not visible to the tenant.
   */
  create(wanted: NewWebhook): Promise<{ endpoint: WebhookEndpoint; secret: string }>
  /** Newest first. */
  list(listing?: WebhookListing): Promise<Page<WebhookEndpoint>>
  get(id: string): Promise<WebhookEndpoint>
  update(id: string, patch: WebhookPatch): Promise<WebhookEndpoint>
  /** Nothing more is sent: what waits is discarded. */
  remove(id: string): Promise<void>
  /** A new secret. The one before signs as well for 24 hours; an older one signs no more. */
  rotateSecret(id: string): Promise<{ endpoint: WebhookEndpoint; secret: string; previous_until: string }>
  /** Newest first; `next_before` goes on. */
  deliveries(
    endpointId: string,
    listing?: DeliveryListing,
  ): Promise<{ items: WebhookDelivery[]; next_before: number | null }>
  /** A delivery with its last 20 attempts, the oldest first. */
  delivery(id: string): Promise<WebhookDelivery & { history: WebhookAttempt[] }>
  /** Makes a waiting or dead delivery due now. Throws `threads.conflict` when it is neither. */
  retry(id: string): Promise<void>
  /** Forgets a waiting or dead delivery. Throws `threads.conflict` when it is neither. */
  discard(id: string): Promise<void>
  /**
   * Sends stored events of a thread again, behind what waits already. `next_after_seq` goes on where the limit ended it.
   * Throws `threads.thread_not_found` when the endpoint gets nothing of the thread, and `threads.conflict` when it is
   * disabled.
   */
  replay(
    endpointId: string,
    replay: WebhookReplay,
  ): Promise<{ enqueued: number; next_after_seq: number | null }>
}
