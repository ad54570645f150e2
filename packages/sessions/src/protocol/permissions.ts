// Answer of `GET /agents/:id/permissions`. Ours, beside the contract.

import type { PendingPermission } from './session.js'

/** A question of an agent and what became of it. */
export type AskedPermission = PendingPermission & {
  state: 'open' | 'answered' | 'cancelled'
  optionId?: string
  /** Who answered; absent while it is open. */
  answeredBy?: { kind: string; id: string; name?: string }
  /** A standing rule gave the answer. */
  automatic?: boolean
  askedAt: string
  answeredAt?: string
}
export type AskedPermissionsResponse = { permissions: AskedPermission[] }
