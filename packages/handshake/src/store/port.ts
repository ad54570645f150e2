import type { Op } from '@parley/kernel/db'
import type { Micros } from '@parley/kernel/ids'

/** Why a handshake is over. */
export type EndReason = 'expired' | 'revoked'

/** Who holds the agent-only token of a claimed handshake. */
export type Claim = { claimId: string; label: string | null; agent: string | null; at: string }

/** One handshake as it is stored. Times are microseconds since 1970, hashes are SHA-256 in base64url. */
export type HandshakeRow = {
  id: string
  /** Null when the creator said so. */
  mode: string | null
  /** Name of the mode handler that was chosen at creation. */
  handler: string
  schema: unknown[]
  meta: Record<string, unknown>
  owner: unknown
  tenantKey: string
  endReason: EndReason | null
  endedAt: Micros | null
  ttlSeconds: number
  createdAt: Micros
  touchedAt: Micros
  /** `touchedAt` plus the time to live: what the sweep looks for. */
  expiresAt: Micros
  /** Grows by one with every change of state; every change is guarded by it. */
  version: number
  /** Number of the newest change record. */
  changes: number
  /** The newest time given out in this handshake; the next one is later. */
  lastAt: Micros
  tokenHash: string
  agentTokenHash: string | null
  claim: Claim | null
  browserKeyHash: string
}

/** What a change of state may set. */
export type HandshakePatch = Partial<
  Pick<
    HandshakeRow,
    | 'endReason'
    | 'endedAt'
    | 'ttlSeconds'
    | 'touchedAt'
    | 'expiresAt'
    | 'changes'
    | 'lastAt'
    | 'agentTokenHash'
    | 'claim'
  >
>

/** One value. `by` is empty in modes without provenance. */
export type FieldRow = { key: string; value: unknown; by: string; at: Micros }

export type ListQuery = {
  state: 'open' | 'ended' | 'all'
  limit: number
  /** Only those created before, as `createdAt` and `id` of the last one seen. */
  before?: { createdAt: Micros; id: string }
  /** Only those whose tenant is one of these. */
  tenantKeys: readonly string[]
  now: Micros
}

/**
 * State of handshakes. Questions are answered from committed rows; changes are statements for a unit of
 * the log, so that state and events commit together.
 */
export interface HandshakeStore {
  find(id: string): Promise<HandshakeRow | undefined>
  /** The version, or undefined for an unknown handshake: the cheapest way to learn whether a copy is current. */
  version(id: string): Promise<{ version: number; touchedAt: Micros } | undefined>
  /** All values, in the order in which they were first written. */
  fields(id: string): Promise<FieldRow[]>
  /** Newest first. */
  list(query: ListQuery): Promise<HandshakeRow[]>
  /** Handshakes that are neither ended nor past their end. */
  countOpen(now: Micros): Promise<number>
  /** Open ones whose end has passed, oldest first. */
  due(now: Micros, limit: number): Promise<string[]>
  /** Ended ones that ended before, oldest first. */
  endedBefore(before: Micros, limit: number): Promise<string[]>
  insert(row: HandshakeRow, fields: readonly FieldRow[]): Op[]
  /** Changes state; refuses its unit when the handshake is not at `version` any more. */
  update(id: string, version: number, patch: HandshakePatch): Op
  /** Writes one value. Valid only in a unit with `update`. */
  put(id: string, field: FieldRow): Op
  /** Remembers a touch of an open one and moves its end; an older one never replaces a newer one. Leaves the version alone. */
  touch(id: string, touchedAt: Micros): Op
  /** Ends it as expired; refuses its unit when it was touched or ended meanwhile. */
  expire(id: string, now: Micros): Op
  /** Forgets the handshake and its values. */
  remove(id: string): Op[]
}
