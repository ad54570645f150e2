import { tenantKey } from '@parley/kernel/principal'
import type { Selectable } from 'kysely'
import type { TenantMap } from '../port.js'
import type { ThreadTables } from '../rows.js'
import type { DisabledReason, WebhookChange, WebhookRow, WebhookSecrets } from './port.js'

/** Tables as the database sees them: JSON is text, times are microseconds, truth is 0 or 1. */
export type WebhookTables = {
  webhooks: {
    id: string
    /** Null: all tenants. */
    tenant_key: string | null
    thread_id: string | null
    url: string
    description: string
    event_types: string
    is_enabled: number
    disabled_reason: string | null
    failing_since: number | null
    created_at: number
    secret: string
    previous_secret: string | null
    previous_until: number | null
  }
  /** One row. */
  webhooks_state: { version: number }
} & Pick<ThreadTables, 'threads'>

/** Everything but what signs. */
export const openColumns = [
  'id',
  'tenant_key',
  'thread_id',
  'url',
  'description',
  'event_types',
  'is_enabled',
  'disabled_reason',
  'failing_since',
  'created_at',
] as const

type Stored = Selectable<WebhookTables['webhooks']>

export const toTenantKey = (tenant: TenantMap | null): string | null => tenant && tenantKey(tenant)

export const fromTenantKey = (key: string): TenantMap => Object.fromEntries(JSON.parse(key))

export function toWebhook(row: WebhookRow & WebhookSecrets): WebhookTables['webhooks'] {
  return {
    id: row.id,
    tenant_key: toTenantKey(row.tenant),
    thread_id: row.threadId,
    url: row.url,
    description: row.description,
    event_types: JSON.stringify(row.eventTypes),
    is_enabled: row.isEnabled ? 1 : 0,
    disabled_reason: row.disabledReason,
    failing_since: row.failingSince,
    created_at: row.createdAt,
    ...toSecrets(row),
  }
}

export function toSecrets({ secret, previousSecret, previousUntil }: WebhookSecrets) {
  return { secret, previous_secret: previousSecret, previous_until: previousUntil }
}

export function fromWebhook(row: Pick<Stored, (typeof openColumns)[number]>): WebhookRow {
  return {
    id: row.id,
    tenant: row.tenant_key === null ? null : fromTenantKey(row.tenant_key),
    threadId: row.thread_id,
    url: row.url,
    description: row.description,
    eventTypes: JSON.parse(row.event_types),
    isEnabled: Number(row.is_enabled) === 1,
    // The cast: nothing but this store writes the column.
    disabledReason: row.disabled_reason as DisabledReason | null,
    failingSince: row.failing_since === null ? null : Number(row.failing_since),
    createdAt: Number(row.created_at),
  }
}

export function fromSecrets(row: Stored): WebhookSecrets {
  const { secret, previous_secret, previous_until } = row
  const previousUntil = previous_until === null ? null : Number(previous_until)
  return { secret, previousSecret: previous_secret, previousUntil }
}

/** The columns that a change names. */
export function toChange(change: WebhookChange): Partial<WebhookTables['webhooks']> {
  const { url, description, eventTypes, isEnabled, disabledReason, failingSince } = change
  return {
    ...(url !== undefined && { url }),
    ...(description !== undefined && { description }),
    ...(eventTypes && { event_types: JSON.stringify(eventTypes) }),
    ...(isEnabled !== undefined && { is_enabled: isEnabled ? 1 : 0 }),
    ...(disabledReason !== undefined && { disabled_reason: disabledReason }),
    ...(failingSince !== undefined && { failing_since: failingSince }),
  }
}
