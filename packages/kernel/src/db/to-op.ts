import type { Compilable } from 'kysely'
import type { Op, SqlValue } from './port.js'

/** A built statement as data for a unit; with `atLeast` as its guard. */
export function toOp(query: Compilable, atLeast?: number): Op {
  const { sql, parameters } = query.compile()
  const params = parameters as readonly SqlValue[]
  return atLeast === undefined ? { sql, params } : { sql, params, atLeast }
}
