import type { DeliveryAttempt, DeliverySummary } from '@parley/kernel/delivery'
import type { Micros } from '@parley/kernel/ids'
import { toIsoTime } from '../../protocol/index.js'
import type { WebhookRow } from '../../store/webhooks/port.js'
import { targetOf } from './enqueue.js'
import type { WebhookAttempt, WebhookDelivery, WebhookEndpoint } from './types.js'

const timeOrNull = (at: Micros | null | undefined): string | null => (at == null ? null : toIsoTime(at))

/** An endpoint as it is shown, without what signs. */
export function toEndpoint(row: WebhookRow): WebhookEndpoint {
  return {
    id: row.id,
    url: row.url,
    description: row.description,
    event_types: [...row.eventTypes],
    tenant: row.tenant && { ...row.tenant },
    thread_id: row.threadId,
    is_enabled: row.isEnabled,
    disabled_reason: row.disabledReason,
    failing_since: timeOrNull(row.failingSince),
    created_at: toIsoTime(row.createdAt),
  }
}

export function toDelivery(summary: DeliverySummary): WebhookDelivery {
  const { endpoint_id, thread_id, event_id, event_type, replay } = targetOf(summary)
  return {
    id: summary.id,
    position: summary.position,
    endpoint_id,
    thread_id,
    event_id,
    event_type,
    is_replay: replay !== undefined,
    state: summary.state,
    attempts: summary.attempts,
    created_at: toIsoTime(summary.createdAt),
    expires_at: toIsoTime(summary.expiresAt),
    next_at: timeOrNull(summary.nextAt),
    sent_at: timeOrNull(summary.sentAt),
    dead_at: timeOrNull(summary.deadAt),
    last_error: summary.lastError ?? null,
    last_status: summary.lastStatus ?? null,
  }
}

export function toAttempt({ number, at, durationMs, status, error }: DeliveryAttempt): WebhookAttempt {
  return {
    number,
    at: toIsoTime(at),
    duration_ms: durationMs,
    status: status ?? null,
    error: error ?? null,
  }
}
