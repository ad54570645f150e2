import type { Op } from '@parley/kernel/db'
import type { Micros } from '@parley/kernel/ids'
import type { TenantMap } from '../port.js'

/** Why an endpoint was disabled by the plane: it answered 410, or failed for too long. */
export type DisabledReason = 'gone' | 'failing'

/** Where events go, without its secrets. */
export type WebhookRow = {
  id: string
  /** Gets events of threads that an identity of this tenant would see; null: of all threads. */
  tenant: TenantMap | null
  /** Gets events of this thread only; null: of all that it sees. */
  threadId: string | null
  url: string
  description: string
  /** Names of types, or `*` alone. */
  eventTypes: readonly string[]
  isEnabled: boolean
  /** Null while it is enabled, and when somebody has disabled it. */
  disabledReason: DisabledReason | null
  /** When it failed first since it last answered well; null while it does. */
  failingSince: Micros | null
  createdAt: Micros
}

/** What signs. Stored as it is: whoever reads the database can sign. */
export type WebhookSecrets = {
  secret: string
  /** The one before; signs as well until `previousUntil`. */
  previousSecret: string | null
  previousUntil: Micros | null
}

/** What a change may set; what is absent stays. */
export type WebhookChange = Partial<
  Pick<WebhookRow, 'url' | 'description' | 'eventTypes' | 'isEnabled' | 'disabledReason' | 'failingSince'>
>

/** What must be as it was when a change was decided on; what is absent may be anything. */
export type WebhookKnown = Partial<Pick<WebhookRow, 'url' | 'failingSince'>>

export type WebhookQuery = {
  /** Only endpoints of exactly this tenant; null: only those of all threads. Absent: any. */
  tenant?: TenantMap | null
  /** Only those that come after this one in the list. */
  after?: { createdAt: Micros; id: string }
  limit: number
}

/** Endpoints of webhooks. Questions are answered from committed rows; changes are statements for a unit of the log. */
export interface WebhookStore {
  find(id: string): Promise<WebhookRow | undefined>
  /** With what signs, for a delivery. */
  findToSend(id: string): Promise<(WebhookRow & WebhookSecrets) | undefined>
  /** Newest first: `createdAt` and `id` descending. */
  list(query: WebhookQuery): Promise<WebhookRow[]>
  count(tenant: TenantMap | null): Promise<number>
  /** The enabled ones as of a version; one that is newer may be among them. */
  listEnabled(): Promise<{ version: number; rows: WebhookRow[] }>
  /** Grows with every change of an endpoint. */
  version(): Promise<number>
  /** The version, and the tenant of a thread, in one question; a thread that is not there has none. */
  look(threadId: string): Promise<{ version: number; tenant?: TenantMap }>

  insert(row: WebhookRow & WebhookSecrets): Op[]
  /** Refuses when there is no such endpoint, and when it is not `as` it was known. */
  update(id: string, change: WebhookChange, as?: WebhookKnown): Op[]
  /** Refuses when there is no such endpoint. */
  replaceSecrets(id: string, secrets: WebhookSecrets): Op
  /** Refuses when there is no such endpoint. */
  remove(id: string): Op[]
  /** Remembers since when it fails, or that it does not; not a change that others must hear of. */
  setFailing(id: string, since: Micros | null): Op
}
