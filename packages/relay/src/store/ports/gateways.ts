import type { Op } from '@parley/kernel/db'
import type { Micros } from '@parley/kernel/ids'
import type { InstanceKey } from './instances.js'

/** A credential. It stays when it is revoked, so that its name is not given to somebody else. */
export type GatewayRow = InstanceKey & {
  gatewayId: string
  /** Sealed texts, the primary first; at most two. */
  secrets: readonly GatewaySecret[]
  createdAt: Micros
  revokedAt: Micros | null
  lastSeenAt: Micros | null
}

export type GatewaySecret = {
  sealed: string
  createdAt: Micros /** Null for the primary. */
  validUntil: Micros | null
}

export interface GatewayRows {
  /** Refuses its unit when the id is taken. */
  insert(row: GatewayRow): Op
  /** Refuses when it is not there, or its secrets are not as known (compared by the primary's sealed text). */
  change(
    gatewayId: string,
    change: Partial<Pick<GatewayRow, 'secrets' | 'instanceId' | 'revokedAt' | 'createdAt'>>,
    known?: { primary: string },
  ): Op
  /** Many at once; those that are not there are passed over. */
  seen(gatewayIds: readonly string[], at: Micros): Op
  find(gatewayId: string): Promise<GatewayRow | undefined>
  /** By id. */
  list(query: { tenant?: string; instanceId?: string }): Promise<GatewayRow[]>
  /** Those that are not revoked. */
  count(tenant: string): Promise<number>

  /** `hash`: of the token. Refuses its unit when it is there. */
  insertEnrolment(row: EnrolmentRow): Op
  findEnrolment(hash: string): Promise<EnrolmentRow | undefined>
  /** Refuses when it is not there, was used, or has expired at `at`. */
  useEnrolment(hash: string, use: { at: Micros; gatewayId: string }): Op
  purgeEnrolments(before: Micros): Op
  /** Forgets those that were revoked before: their names are free again. */
  purgeRevoked(before: Micros): Op
}

export type EnrolmentRow = {
  hash: string
  tenant: string
  createdAt: Micros
  expiresAt: Micros
  usedAt: Micros | null
  gatewayId: string | null
}
