import type { Op } from '@parley/kernel/db'
import type { Micros } from '@parley/kernel/ids'
import type { BotIdentity } from '../../protocol/index.js'
import type { InstanceKey } from './instances.js'

export type CapabilityRow = InstanceKey &
  BotIdentity & {
    sessionKey: string
    kind: string
    sealed: string
    expiresAt: Micros
    /** How often it was used. */
    uses: number
  }

export interface VaultRows {
  /** Replaces the one before of the same tenant, session and kind. */
  bind(row: CapabilityRow): Op
  find(tenant: string, sessionKey: string, kind: string): Promise<CapabilityRow | undefined>
  /**
   * Counts a use under every session that it was bound to in the same moment: it is one capability. Refuses when it is not there, or
   * the count is not the known one.
   */
  used(row: Pick<CapabilityRow, 'tenant' | 'instanceId' | 'kind' | 'expiresAt' | 'uses'>): Op
  purge(before: Micros): Op
}
