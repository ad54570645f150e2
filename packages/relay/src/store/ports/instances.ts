import type { Op } from '@parley/kernel/db'
import type { Micros } from '@parley/kernel/ids'

/** An agent: what receives. Every key of the plane's data begins with the tenant. */
export type InstanceKey = { tenant: string; instanceId: string }

/** An agent and where it is now. Made with its first gateway, forgotten when it is deprovisioned. */
export type InstanceRow = InstanceKey & {
  /** Its buffer in the log; a new one each time the instance is made. */
  stream: string
  displayName: string | null
  wakeUrl: string | null
  /** `live`: a socket takes its events. `idle`: it asked for quiet, until the next handshake. `vacant`: nobody is there. */
  state: 'live' | 'idle' | 'vacant'
  /** Who has the socket that takes events. */
  node: string | null
  /** Grows with every handshake and every flip: who has an older one pushes no more. */
  epoch: number
  /** A live one whose node has not said so until then is not. */
  liveUntil: Micros | null
  pokedAt: Micros | null
  /** When it acknowledged for the first time; null: it may be one that never does. */
  ackedAt: Micros | null
  /** How many entries were ever appended: the position of the last one, and the length of its stream. */
  appended: number
  /** Entries that were dropped because the buffer was full or too old. */
  dropped: number
  createdAt: Micros
}

export interface InstanceRows {
  /** Harmless when it is there. */
  insert(row: InstanceRow): Op
  /** Refuses when it is not there. */
  change(key: InstanceKey, change: Partial<Pick<InstanceRow, 'displayName' | 'wakeUrl' | 'pokedAt'>>): Op
  /** Sets the state under a new epoch. Refuses when the epoch is not the known one. */
  move(
    key: InstanceKey,
    known: { epoch: number },
    to: { state: InstanceRow['state']; node: string | null; epoch: number; liveUntil: Micros | null },
  ): Op
  /** Says that the live instances of a node still are. */
  beat(node: string, liveUntil: Micros): Op
  /** Makes all instances of a node `vacant` under new epochs; of all nodes with null (an exclusive database that was just opened). */
  leave(node: string | null): Op
  /** Refuses when it was poked after `before`. */
  poke(key: InstanceKey, poke: { at: Micros; before: Micros }): Op
  /** Remembers its first acknowledgement. */
  acked(key: InstanceKey, at: Micros): Op
  /**
   * Forgets the instance and all that is its own: entries, bindings, link codes, grants, policies, conversations, session routes,
   * vault entries, prompts; its gateways are to be revoked, its media removed and its stream dropped by the caller.
   */
  remove(key: InstanceKey): Op[]
  find(key: InstanceKey): Promise<InstanceRow | undefined>
  findMany(keys: readonly InstanceKey[]): Promise<InstanceRow[]>
  /** By tenant and id. */
  list(query: { tenant?: string }): Promise<InstanceRow[]>
  /** Streams with events that no entry needs any more: all before `before`. At most `limit`. */
  listTrimmable(limit: number): Promise<(InstanceKey & { stream: string; before: number })[]>
  /** Remembers how far a stream was trimmed. */
  trimmed(key: InstanceKey, before: number): Op
}
