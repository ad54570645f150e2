// Layout of a batch between the threads: one flat list, which is the cheapest thing to clone.
//
//   unit    = number of ops, number of appends, op…, append…
//   op      = sql, atLeast or -1, number of params, param…
//   append  = stream, key actor or null, key, digest, number of drafts, draft…
//   draft   = id, type, actor, cause stream, cause seq, origin, body
import type { Op, SqlValue } from '../../db/port.js'
import type { PreparedKey, PreparedUnit } from '../prepare.js'

/** Values of one draft. */
export const draftCells = 7

/** A unit as the worker sees it: its drafts stay where they are in the list. */
export type DecodedUnit = { ops: Op[]; appends: DecodedAppend[] }
export type DecodedAppend = { stream: string; key?: PreparedKey; count: number; draftsAt: number }

/** Lays out units one after the other. */
export function encodeBatch(units: readonly PreparedUnit[]): SqlValue[] {
  const cells: SqlValue[] = []
  for (const unit of units) encodeUnit(cells, unit)
  return cells
}

/** Reads the units back. */
export function* decodeBatch(cells: readonly SqlValue[]): Generator<DecodedUnit> {
  let at = 0
  // The layout says where which type stands.
  const text = () => cells[at++] as string
  const count = () => cells[at++] as number

  const op = (): Op => {
    const [sql, atLeast, length] = [text(), count(), count()]
    const params = cells.slice(at, at + length)
    at += length
    return atLeast < 0 ? { sql, params } : { sql, params, atLeast }
  }
  const append = (): DecodedAppend => {
    const [stream, actor, key, digest, drafts] = [text(), text(), text(), text(), count()]
    const draftsAt = at
    at += drafts * draftCells
    return { stream, count: drafts, draftsAt, ...(actor !== null && { key: { actor, key, digest } }) }
  }
  while (at < cells.length) {
    const [ops, appends] = [count(), count()]
    yield { ops: Array.from({ length: ops }, op), appends: Array.from({ length: appends }, append) }
  }
}

function encodeUnit(cells: SqlValue[], { ops, appends }: PreparedUnit): void {
  cells.push(ops.length, appends.length)
  for (const { sql, params, atLeast } of ops) {
    cells.push(sql, atLeast ?? -1, params.length)
    for (const param of params) cells.push(param)
  }
  for (const { stream, key, drafts } of appends) {
    cells.push(stream, key?.actor ?? null, key?.key ?? null, key?.digest ?? null, drafts.length)
    for (const { id, type, actorText, cause, origin, body } of drafts)
      cells.push(id, type, actorText, cause?.stream ?? null, cause?.seq ?? null, origin ?? null, body)
  }
}
