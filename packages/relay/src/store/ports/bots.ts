import type { Op } from '@parley/kernel/db'
import type { Micros } from '@parley/kernel/ids'
import type { BotIdentity } from '../../protocol/index.js'

/** A bot of the connector: who holds its credential, and by which driver it is spoken to. */
export type BotRow = BotIdentity & {
  /** `sim`, `telegram` or `discord`: what speaks; `platform` is what the wire calls it. */
  driver: string
  label: string
  username: string | null
  /** Open settings of the driver, without secrets. */
  settings: Readonly<Record<string, unknown>>
  /** Sealed JSON of the driver's credentials; null for drivers without. */
  sealed: string | null
  /** Tenants that may use it; null: all. */
  tenants: readonly string[] | null
  isEnabled: boolean
  createdAt: Micros
}

export interface BotRows {
  /** Refuses its unit when it is there. */
  insert(row: BotRow): Op
  /** Refuses when it is not there. */
  change(
    bot: BotIdentity,
    change: Partial<Pick<BotRow, 'label' | 'username' | 'settings' | 'sealed' | 'tenants' | 'isEnabled'>>,
  ): Op
  /** With its provisioning, commands and prompts. Refuses when it is not there. */
  remove(bot: BotIdentity): Op[]
  find(bot: BotIdentity): Promise<BotRow | undefined>
  /** By platform and id. */
  list(): Promise<BotRow[]>

  /** Remembers that a tenant fronts a bot; harmless when it does. */
  provision(tenant: string, bot: BotIdentity, at: Micros): Op
  /** By platform and id. */
  listProvisioned(tenant: string): Promise<BotIdentity[]>
  isProvisioned(tenant: string, bot: BotIdentity): Promise<boolean>
  /** By tenant. */
  listTenants(bot: BotIdentity): Promise<string[]>
  /** Who fronts what, by tenant, platform and id. */
  listFronts(query: { tenant?: string }): Promise<({ tenant: string } & BotIdentity)[]>

  /** What a tenant wants as commands of a bot; replaces what it wanted before. */
  setCommands(bot: BotIdentity, tenant: string, manifest: readonly unknown[]): Op
  /** Of all tenants, by tenant. */
  listCommands(bot: BotIdentity): Promise<{ tenant: string; manifest: readonly unknown[] }[]>
}
