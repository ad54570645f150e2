import { type Field, jsonBytes, parseSchema } from '../protocol/index.js'
import type { FieldRow, HandshakeRow } from '../store/port.js'
import type { ChangeRecord } from './events.js'

/** A node's copy of one handshake, current as of `row.version`. Only `apply` and a touch change it. */
export type HandshakeState = {
  row: HandshakeRow
  values: Map<string, FieldRow>
  /** The newest that are kept (`limits.changes`), oldest first. */
  changes: ChangeRecord[]
  /** Number of the newest event in the stream. */
  head: number
  /** `touchedAt` that the database knows. */
  savedTouch: number
  /** The schema as the checks need it; made when first asked for. */
  fields?: readonly Field[]
  /** Answer of `GET context` less what changes with time, for the version it was made at. */
  contextText?: { version: number; text: string }
  /** Bytes of all values as JSON, for the version they were counted at. */
  valueBytes?: { version: number; total: number }
  /** About how many bytes the copy holds. */
  weight: number
  /** Bytes that `weight` gained since it was measured. */
  grown: number
}

/** Seconds that are left, never negative (contract 2.1). */
export function secondsLeft(row: HandshakeRow, nowMicros: number): number {
  // WHY: at least 1 µs has passed since the touch, so a fresh one shows a second less, as the original's clients expect.
  const elapsedMicros = Math.max(1, nowMicros - row.touchedAt)
  return Math.max(0, Math.floor(row.ttlSeconds - elapsedMicros / 1e6))
}

/** The latest touch that counts: a handshake ends at its greatest age, however often it is used (contract 2.2). */
export function latestTouch({ createdAt, ttlSeconds }: HandshakeRow, maxLifetimeSeconds: number): number {
  return createdAt + (maxLifetimeSeconds - ttlSeconds) * 1e6
}

/** About how many bytes a copy holds. */
export function measure({
  row,
  values,
  changes,
}: Pick<HandshakeState, 'row' | 'values' | 'changes'>): number {
  const texts = [
    JSON.stringify([...values.values()]),
    JSON.stringify(changes),
    JSON.stringify([row.schema, row.meta]),
  ]
  return texts.reduce((sum, { length }) => sum + length, 0) * 2 + 2_000
}

/** Bytes of all values as JSON, but for one key's. */
export function valueBytes(state: HandshakeState, exceptKey: string): number {
  const { values, row } = state
  if (state.valueBytes?.version !== row.version) {
    const bytes = Array.from(values.values(), ({ value }) => jsonBytes(value))
    state.valueBytes = { version: row.version, total: bytes.reduce((sum, each) => sum + each, 0) }
  }
  const own = values.get(exceptKey)
  return state.valueBytes.total - (own ? jsonBytes(own.value) : 0)
}

/** Strictly past its end. */
export function isPast(row: HandshakeRow, nowMicros: number): boolean {
  return nowMicros - row.touchedAt > row.ttlSeconds * 1e6
}

/** The schema as the checks need it. */
export function fieldsOf(state: HandshakeState): readonly Field[] {
  // The schema was held against the limits at creation: lower ones that came later do not count.
  const noLimit = Number.POSITIVE_INFINITY
  state.fields ??= parseSchema(state.row.schema, { fields: noLimit, keyChars: noLimit, depth: noLimit })
  return state.fields
}
