import type { Database } from '@parley/kernel/db'
import type { CompiledQuery } from 'kysely'

/**
 * A question that is compiled once: every operation in a thread asks it, and compiling takes longer than the answer.
 * `query` names an empty text wherever a parameter goes; the function takes them in the same order.
 */
export function keptQuery<Row, Params extends string[]>(
  database: Database,
  query: { compile(): CompiledQuery<Row> },
): (...params: Params) => Promise<Row | undefined> {
  const compiled = query.compile()
  return async (...params) => {
    const rows = await database.read<Row>({ ...compiled, parameters: params })
    return rows[0]
  }
}
