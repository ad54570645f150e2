import { readNumber, readObject, readText, readTextOrNull, readTexts } from '../../api/read.js'
import { parseTenantMap } from '../../threads/model/room.js'
import type { Tenant } from '../../threads/model/tenant.js'

/** Where events of rooms go. */
export type Webhook = {
  readonly id: string
  readonly url: string
  readonly description: string
  /** Names of event types, or `*` alone. */
  readonly eventTypes: readonly string[]
  /** Null: events of all rooms. */
  readonly tenant: Tenant | null
  /** The only room whose events it gets. */
  readonly roomId: string | null
  readonly isEnabled: boolean
  /** Why the server disabled it by itself. */
  readonly disabledReason: 'gone' | 'failing' | null
  readonly failingSince: string | null
  readonly createdAt: string
}

export function parseWebhook(value: unknown): Webhook {
  const body = readObject(value)
  const reason = body.disabled_reason
  return {
    id: readText(body.id),
    url: readText(body.url),
    description: readText(body.description),
    eventTypes: readTexts(body.event_types),
    tenant: body.tenant === null || body.tenant === undefined ? null : parseTenantMap(body.tenant),
    roomId: readTextOrNull(body.thread_id),
    isEnabled: body.is_enabled === true,
    disabledReason: reason === 'gone' || reason === 'failing' ? reason : null,
    failingSince: readTextOrNull(body.failing_since),
    createdAt: readText(body.created_at),
  }
}

/** How far one event on its way is. `dead`: given up. */
export type DeliveryState = 'waiting' | 'sending' | 'sent' | 'dead'

export type Delivery = {
  readonly id: string
  readonly roomId: string
  readonly eventType: string
  readonly isReplay: boolean
  readonly state: DeliveryState
  readonly attempts: number
  readonly createdAt: string
  /** When it is tried next. */
  readonly nextAt: string | null
  readonly lastError: string | null
  readonly lastStatus: number | null
}

export function parseDelivery(value: unknown): Delivery {
  const body = readObject(value)
  const states: readonly DeliveryState[] = ['waiting', 'sending', 'sent', 'dead']
  return {
    id: readText(body.id),
    roomId: readText(body.thread_id),
    eventType: readText(body.event_type),
    isReplay: body.is_replay === true,
    state: states.find((state) => state === body.state) ?? 'waiting',
    attempts: readNumber(body.attempts),
    createdAt: readText(body.created_at),
    nextAt: readTextOrNull(body.next_at),
    lastError: readTextOrNull(body.last_error),
    lastStatus: typeof body.last_status === 'number' ? body.last_status : null,
  }
}

/** One try to send; `error` is null when it arrived. */
export type Attempt = {
  readonly number: number
  readonly at: string
  readonly durationMs: number
  readonly status: number | null
  readonly error: string | null
}

export function parseAttempt(value: unknown): Attempt {
  const body = readObject(value)
  return {
    number: readNumber(body.number),
    at: readText(body.at),
    durationMs: readNumber(body.duration_ms),
    status: typeof body.status === 'number' ? body.status : null,
    error: readTextOrNull(body.error),
  }
}
