import type { Insertable, Selectable } from 'kysely'
import type { FieldRow, HandshakePatch, HandshakeRow } from './port.js'

/** Tables as the database sees them: JSON is text, times are microseconds. */
export type HandshakeTables = {
  handshakes: {
    id: string
    mode: string | null
    handler: string
    schema: string
    meta: string
    owner: string
    tenant_key: string
    end_reason: string | null
    ended_at: number | null
    ttl_seconds: number
    created_at: number
    touched_at: number
    expires_at: number
    version: number
    changes: number
    last_at: number
    token_hash: string
    agent_token_hash: string | null
    claim: string | null
    browser_key_hash: string
  }
  handshake_fields: {
    handshake_id: string
    key: string
    value: string
    by: string
    at: number
    position: number
  }
}

type StoredRow = Selectable<HandshakeTables['handshakes']>

export function toRow(row: HandshakeRow): Insertable<HandshakeTables['handshakes']> {
  return {
    id: row.id,
    mode: row.mode,
    handler: row.handler,
    schema: JSON.stringify(row.schema),
    meta: JSON.stringify(row.meta),
    owner: JSON.stringify(row.owner ?? null),
    tenant_key: row.tenantKey,
    end_reason: row.endReason,
    ended_at: row.endedAt,
    ttl_seconds: row.ttlSeconds,
    created_at: row.createdAt,
    touched_at: row.touchedAt,
    expires_at: row.expiresAt,
    version: row.version,
    changes: row.changes,
    last_at: row.lastAt,
    token_hash: row.tokenHash,
    agent_token_hash: row.agentTokenHash,
    claim: row.claim && JSON.stringify(row.claim),
    browser_key_hash: row.browserKeyHash,
  }
}

export function fromRow(row: StoredRow): HandshakeRow {
  return {
    id: row.id,
    mode: row.mode,
    handler: row.handler,
    schema: JSON.parse(row.schema),
    meta: JSON.parse(row.meta),
    owner: JSON.parse(row.owner),
    tenantKey: row.tenant_key,
    endReason: row.end_reason as HandshakeRow['endReason'],
    endedAt: row.ended_at,
    ttlSeconds: row.ttl_seconds,
    createdAt: row.created_at,
    touchedAt: row.touched_at,
    expiresAt: row.expires_at,
    version: row.version,
    changes: row.changes,
    lastAt: row.last_at,
    tokenHash: row.token_hash,
    agentTokenHash: row.agent_token_hash,
    claim: row.claim === null ? null : JSON.parse(row.claim),
    browserKeyHash: row.browser_key_hash,
  }
}

const columnOf = {
  endReason: 'end_reason',
  endedAt: 'ended_at',
  ttlSeconds: 'ttl_seconds',
  touchedAt: 'touched_at',
  expiresAt: 'expires_at',
  changes: 'changes',
  lastAt: 'last_at',
  agentTokenHash: 'agent_token_hash',
  claim: 'claim',
} as const satisfies Record<keyof HandshakePatch, keyof HandshakeTables['handshakes']>

export function toPatch(patch: HandshakePatch): Record<string, string | number | null> {
  const entries = Object.entries(patch).map(([name, value]) => {
    const stored = typeof value === 'object' && value !== null ? JSON.stringify(value) : (value ?? null)
    return [columnOf[name as keyof HandshakePatch], stored]
  })
  return Object.fromEntries(entries)
}

export function toField(
  row: Omit<HandshakeTables['handshake_fields'], 'handshake_id' | 'position'>,
): FieldRow {
  return { key: row.key, value: JSON.parse(row.value), by: row.by, at: row.at }
}
