import type { Op } from '@parley/kernel/db'
import type { Micros } from '@parley/kernel/ids'
import type { InstanceKey } from './instances.js'

/** A person of a platform is an owner of an instance. One of each tenant at most. */
export type BindingRow = InstanceKey & {
  platform: string
  userId: string
  linkedAt: Micros
  /** When it was made the one that takes direct messages; the latest of all tenants does. */
  dmDefaultAt: Micros | null
}

export type LinkCodeRow = InstanceKey & { hash: string; platform: string; expiresAt: Micros }

export interface LinkRows {
  /** Refuses its unit when the hash is taken. */
  insertCode(row: LinkCodeRow): Op
  findCode(hash: string): Promise<LinkCodeRow | undefined>
  /** Refuses when it is not there or has expired at `at`. A used one is gone. */
  useCode(hash: string, at: Micros): Op
  purgeCodes(before: Micros): Op
  /** Moves the person's binding of this tenant, and forgets what the former instance had because of it (conversations). */
  bind(row: BindingRow): Op[]
  /** With conversations that rest on it. */
  unbind(tenant: string, person: Person): Op[]
  /** Refuses when the person is not bound to that instance. */
  setDmDefault(key: InstanceKey, person: Person, at: Micros): Op
  /** All tenants' bindings of a person; the one for direct messages first, then the latest linked. */
  ofPerson(person: Person): Promise<BindingRow[]>
  /** Of an instance, by platform and user. */
  ofInstance(key: InstanceKey, platform?: string): Promise<BindingRow[]>
  /** By tenant, platform, user. `isFirst`: of all of the person's, also of other tenants, it is the one that `ofPerson` has first. */
  list(query: { tenant?: string }): Promise<(BindingRow & { isFirst: boolean })[]>
  /** True when a tenant has any on a platform. */
  has(tenant: string, platform: string): Promise<boolean>
}

export type Person = { platform: string; userId: string }
