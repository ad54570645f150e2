import { type Op, toOp } from '@parley/kernel/db'
import type { Compilable } from 'kysely'

/**
 * A guard that is compiled once: it comes with every message, and compiling takes as long as all the rest that is done
 * for one. `query` names an empty text wherever a parameter goes; the guard takes them in the same order.
 */
export function keptGuard<Params extends string[]>(query: Compilable): (...params: Params) => Op {
  const { sql } = toOp(query)
  return (...params) => ({ sql, params, atLeast: 1 })
}
