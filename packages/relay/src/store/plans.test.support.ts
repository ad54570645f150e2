// What a database plans to do for the queries and statements of a store, as it was built for the very same calls.
import type { Database, Op, SqlValue } from '@parley/kernel/db'
import { CompiledQuery, type KyselyPlugin, type RootOperationNode } from 'kysely'

/** A step that reads one of the plane's tables, and whether it looks for certain keys in an index. */
export type PlannedRead = { table: string; step: string; isKeyed: boolean }

/** The same database; the texts of all queries that are run are remembered. */
export function remembering(db: Database): { db: Database; queries: CompiledQuery[] } {
  const queries: CompiledQuery[] = []
  const plain = db.tables<unknown>()
  const plugin: KyselyPlugin = {
    transformQuery({ node, queryId }): RootOperationNode {
      const query = plain.getExecutor().compileQuery(node, queryId)
      // What is only compiled, to be kept, is remembered when it is read: then its values are there.
      if (query.parameters.every((value) => typeof value !== 'object' || value === null)) queries.push(query)
      return node
    },
    transformResult: async ({ result }) => result,
  }
  const remembered: Database = {
    ...db,
    // The same tables, whatever the caller names them.
    tables: <Tables>() => plain.withPlugin(plugin) as ReturnType<typeof db.tables<Tables>>,
    read: (query) => {
      queries.push(query)
      return db.read(query)
    },
  }
  return { db: remembered, queries }
}

export const fromOp = ({ sql, params }: Op): CompiledQuery => CompiledQuery.raw(sql, [...params])

export async function planOf(db: Database, query: CompiledQuery): Promise<PlannedRead[]> {
  const explain = db.engine === 'postgres' ? 'explain (format json)' : 'explain query plan'
  const rows = await db.read<Record<string, unknown>>(
    CompiledQuery.raw(`${explain} ${query.sql}`, query.parameters as SqlValue[]),
  )
  return db.engine === 'postgres' ? readsOnPostgres(rows[0]?.['QUERY PLAN']) : rows.flatMap(readOnSqlite)
}

/** `SEARCH relay_bots USING INDEX …` looks for keys; `SCAN relay_bots`, with an index or without, reads everything. */
function readOnSqlite(row: Record<string, unknown>): PlannedRead[] {
  const step = String(row.detail)
  const [, how, table] = /^(SCAN|SEARCH) (relay_\w+)/.exec(step) ?? []
  return table === undefined ? [] : [{ table, step, isKeyed: how === 'SEARCH' }]
}

function readsOnPostgres(plan: unknown): PlannedRead[] {
  if (Array.isArray(plan)) return plan.flatMap(readsOnPostgres)
  if (typeof plan !== 'object' || plan === null) return []
  const node = plan as Record<string, unknown>
  const below = Object.values(node).flatMap(readsOnPostgres)
  const step = String(node['Node Type'])
  const table = String(node['Relation Name'] ?? node['Index Name'] ?? '')
  if (!step.endsWith('Scan') || !table.startsWith('relay_')) return below
  // A bitmap scan takes its keys from the index step below it.
  const isKeyed = 'Index Cond' in node || step === 'Bitmap Heap Scan'
  return [{ table, step, isKeyed }, ...below]
}
