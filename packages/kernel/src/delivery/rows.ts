import type { Micros } from '../ids/index.js'
import type { Delivery, DeliveryAttempt, DeliveryState, DeliverySummary } from './port.js'

/**
 * `next_at` of what waits for another delivery of its lane, as far as that was known when it was stored. Only a hint that
 * keeps such rows out of the way: order never depends on it, and a row that was parked in vain is found before long.
 */
export const parked: Micros = Number.MAX_SAFE_INTEGER

/** A row of `outbox`. A connection that does not read bigint as number hands it out as text. */
export type OutboxRow = {
  position: number
  id: string
  queue: string
  lane: string
  /** What it is for, where several lanes are for one thing. */
  subject: string | null
  dedupe: string
  payload: string
  target: string
  state: DeliveryState
  attempts: number
  /** Failures since it was enqueued or retried by hand: the next pause's place in the list. */
  failures: number
  /** Due, or the end of the claim, or `parked`; null when nothing more happens. */
  next_at: number | null
  /** Who sends it: one text for every claim. */
  claim: string | null
  created_at: number
  expires_at: number
  ended_at: number | null
  last_error: string | null
  last_status: number | null
}

/** A row of `outbox_attempts`. */
export type AttemptRow = {
  delivery: string
  number: number
  at: number
  duration_ms: number
  status: number | null
  error: string | null
}

export type OutboxTables = { outbox: OutboxRow; outbox_attempts: AttemptRow }

/** Columns of a summary. */
export const summaryColumns = [
  'position',
  'id',
  'queue',
  'lane',
  'subject',
  'dedupe',
  'target',
  'state',
  'attempts',
  'failures',
  'next_at',
  'created_at',
  'expires_at',
  'ended_at',
  'last_error',
  'last_status',
] as const

export type SummaryRow = Pick<OutboxRow, (typeof summaryColumns)[number]>

export function toSummary(row: SummaryRow): DeliverySummary {
  const { id, queue, lane, dedupe, state } = row
  const endedAt = row.ended_at === null ? undefined : Number(row.ended_at)
  const nextAt = row.next_at === null || Number(row.next_at) === parked ? undefined : Number(row.next_at)
  return {
    id,
    position: Number(row.position),
    queue,
    lane,
    ...(row.subject !== null && { subject: row.subject }),
    dedupe,
    target: JSON.parse(row.target),
    state,
    attempts: Number(row.attempts),
    failures: Number(row.failures),
    createdAt: Number(row.created_at),
    expiresAt: Number(row.expires_at),
    ...(nextAt !== undefined && { nextAt }),
    ...(endedAt !== undefined && (state === 'sent' ? { sentAt: endedAt } : { deadAt: endedAt })),
    ...(row.last_error !== null && { lastError: row.last_error }),
    ...(row.last_status !== null && { lastStatus: Number(row.last_status) }),
  }
}

export function toDelivery(row: SummaryRow & Pick<OutboxRow, 'payload'>): Delivery {
  return { ...toSummary(row), payload: row.payload }
}

export function toAttempt(row: AttemptRow): DeliveryAttempt {
  return {
    number: Number(row.number),
    at: Number(row.at),
    durationMs: Number(row.duration_ms),
    ...(row.status !== null && { status: Number(row.status) }),
    ...(row.error !== null && { error: row.error }),
  }
}
