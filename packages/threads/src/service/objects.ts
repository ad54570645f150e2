import { type Run, type Thread, type ThreadMember, toIsoTime } from '../protocol/index.js'
import type { MemberRow, RunRow, ThreadRow } from '../store/port.js'

/** A thread as the wire has it (contract 2.1). */
export function toThread({ id, tenant, metadata, createdAt, updatedAt }: ThreadRow): Thread {
  return {
    id,
    tenant: { ...tenant },
    metadata,
    created_at: toIsoTime(createdAt),
    updated_at: toIsoTime(updatedAt),
  }
}

/** A member as the wire has it (contract 2.1). */
export function toMember({
  threadId,
  identityId,
  identity,
  role,
  addedAt,
  addedBy,
  readSeq,
}: MemberRow): ThreadMember {
  return {
    thread_id: threadId,
    identity_id: identityId,
    identity,
    role,
    added_at: toIsoTime(addedAt),
    added_by: addedBy,
    read_seq: readSeq,
  }
}

/** A run as the wire has it (contract 2.1). */
export function toRun(row: RunRow): Run {
  return {
    id: row.id,
    thread_id: row.threadId,
    assistant: row.assistant,
    triggered_by: row.triggeredBy,
    status: row.status,
    started_at: toIsoTime(row.startedAt),
    running_at: row.runningAt === null ? null : toIsoTime(row.runningAt),
    completed_at: row.completedAt === null ? null : toIsoTime(row.completedAt),
    error: row.error,
    idempotency_key: row.idempotencyKey,
    metadata: row.metadata,
  }
}
