import type { Op } from '@parley/kernel/db'
import type { Micros } from '@parley/kernel/ids'
import type { InstanceKey } from './instances.js'

export type MediaRow = {
  /** 32 hex digits. */
  id: string
  mime: string
  size: number
  filename: string
  createdAt: Micros
  expiresAt: Micros
}

export interface MediaRows {
  /** A piece of a file that is not there yet. */
  insertChunk(id: string, index: number, bytes: Uint8Array, at: Micros): Op
  /** Forgets the pieces of a file that will not be completed; touches no completed one. */
  dropChunks(id: string): Op
  /** Makes it visible to tenants, whose room it takes. Refuses its unit when the id is taken. */
  insert(row: MediaRow, tenants: readonly string[], owner: InstanceKey | null): Op[]
  /** Undefined for another tenant's as for nobody's, and after its time. */
  find(id: string, tenant: string, at: Micros): Promise<MediaRow | undefined>
  readChunk(id: string, index: number): Promise<Uint8Array | undefined>
  /** Bytes that a tenant can see. */
  kept(tenant: string): Promise<number>
  /** Files that have expired at `at` with their chunks; and chunks of files that never were completed, older than `abandoned` (default `at`). */
  purge(at: Micros, abandoned?: Micros): Op[]
  /** What an instance has uploaded. */
  removeOf(key: InstanceKey): Op[]
}
