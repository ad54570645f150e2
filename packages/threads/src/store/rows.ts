import { tenantKey } from '@parley/kernel/principal'
import { type RawBuilder, type Selectable, sql } from 'kysely'
import type { InvocationRow, MemberRow, RunChange, RunRow, ThreadChange, ThreadRow } from './port.js'

/** Tables as the database sees them: JSON is text, times are microseconds. */
export type ThreadTables = {
  threads: {
    id: string
    /** The tenant itself, in its canonical text. */
    tenant_key: string
    metadata: string
    created_at: number
    updated_at: number
    version: number
  }
  thread_members: {
    thread_id: string
    identity_id: string
    identity: string
    role: string
    added_at: number
    added_by: string
    read_seq: number
  }
  runs: {
    id: string
    thread_id: string
    /** Id of `assistant`. */
    assistant_id: string
    assistant: string
    triggered_by: string
    status: string
    started_at: number
    running_at: number | null
    completed_at: number | null
    error: string | null
    idempotency_key: string | null
    metadata: string
    depth: number
    queued_by: string | null
    lease_expires_at: number
  }
  invocations: { thread_id: string; key: string; assistant_ids: string; run_ids: string }
  questions: {
    thread_id: string
    event_id: string
    subject_id: string
    kind: string
    decision_id: string
    run_id: string | null
  }
  /** Messages that were edited or deleted; `deleted_at` is null for those that are still there. */
  changed_messages: { thread_id: string; event_id: string; deleted_at: number | null }
}

/**
 * What partial indexes are limited to. Queries say it with the same words, without parameters: an engine uses such an
 * index only where it sees that the query implies it.
 */
export const isActive = (): RawBuilder<boolean> => sql<boolean>`status in ('pending', 'running')`

const toText = (value: unknown): string | null => (value === null ? null : JSON.stringify(value))
const fromText = (text: string | null) => (text === null ? null : JSON.parse(text))

/** Leaves out what is absent, so that a change sets only what it names. */
function present<Values extends Record<string, unknown>>(values: Values): Partial<Values> {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined)
  // The entries that are left are the object's own.
  return Object.fromEntries(entries) as Partial<Values>
}

export function toThread(row: ThreadRow): ThreadTables['threads'] {
  return {
    id: row.id,
    tenant_key: tenantKey(row.tenant),
    metadata: JSON.stringify(row.metadata),
    created_at: row.createdAt,
    updated_at: row.updatedAt,
    version: row.version,
  }
}

export function fromThread(row: Selectable<ThreadTables['threads']>): ThreadRow {
  return {
    id: row.id,
    tenant: Object.fromEntries(JSON.parse(row.tenant_key)),
    metadata: JSON.parse(row.metadata),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    version: row.version,
  }
}

export function toThreadChange({ tenant, metadata, updatedAt }: ThreadChange) {
  return present({
    tenant_key: tenant && tenantKey(tenant),
    metadata: metadata && JSON.stringify(metadata),
    updated_at: updatedAt,
  })
}

export function toMember(row: MemberRow): ThreadTables['thread_members'] {
  return {
    thread_id: row.threadId,
    identity_id: row.identityId,
    identity: JSON.stringify(row.identity),
    role: row.role,
    added_at: row.addedAt,
    added_by: JSON.stringify(row.addedBy),
    read_seq: row.readSeq,
  }
}

export function fromMember(row: Selectable<ThreadTables['thread_members']>): MemberRow {
  return {
    threadId: row.thread_id,
    identityId: row.identity_id,
    identity: JSON.parse(row.identity),
    role: row.role,
    addedAt: row.added_at,
    addedBy: JSON.parse(row.added_by),
    readSeq: row.read_seq,
  }
}

export function toRun(row: RunRow): ThreadTables['runs'] {
  return {
    id: row.id,
    thread_id: row.threadId,
    assistant_id: row.assistant.id,
    assistant: JSON.stringify(row.assistant),
    triggered_by: JSON.stringify(row.triggeredBy),
    status: row.status,
    started_at: row.startedAt,
    running_at: row.runningAt,
    completed_at: row.completedAt,
    error: toText(row.error),
    idempotency_key: row.idempotencyKey,
    metadata: JSON.stringify(row.metadata),
    depth: row.depth,
    queued_by: toText(row.queuedBy),
    lease_expires_at: row.leaseExpiresAt,
  }
}

export function fromRun(row: Selectable<ThreadTables['runs']>): RunRow {
  return {
    id: row.id,
    threadId: row.thread_id,
    assistant: JSON.parse(row.assistant),
    triggeredBy: JSON.parse(row.triggered_by),
    // Nothing but `insertRun` and `moveRun` writes the column.
    status: row.status as RunRow['status'],
    startedAt: row.started_at,
    runningAt: row.running_at,
    completedAt: row.completed_at,
    error: fromText(row.error),
    idempotencyKey: row.idempotency_key,
    metadata: JSON.parse(row.metadata),
    depth: row.depth,
    queuedBy: fromText(row.queued_by),
    leaseExpiresAt: row.lease_expires_at,
  }
}

export function toRunChange({ runningAt, completedAt, error, leaseExpiresAt }: RunChange) {
  return present({
    running_at: runningAt,
    completed_at: completedAt,
    error: error === undefined ? undefined : toText(error),
    lease_expires_at: leaseExpiresAt,
  })
}

export function toInvocation(row: InvocationRow): ThreadTables['invocations'] {
  return {
    thread_id: row.threadId,
    key: row.key,
    assistant_ids: JSON.stringify(row.assistantIds),
    run_ids: JSON.stringify(row.runIds),
  }
}

export function fromInvocation(row: Selectable<ThreadTables['invocations']>): InvocationRow {
  return {
    threadId: row.thread_id,
    key: row.key,
    assistantIds: JSON.parse(row.assistant_ids),
    runIds: JSON.parse(row.run_ids),
  }
}
