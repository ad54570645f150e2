// What a database plans to do for the queries and statements of a store, as it was built for the very same calls.
import type { Database, Op, SqlValue } from '@parley/kernel/db'
import { CompiledQuery, type KyselyPlugin, type RootOperationNode } from 'kysely'
import type { ThreadTables } from './rows.js'

/** A step that reads one of the plane's tables, and whether it looks for certain keys in an index. */
export type PlannedRead = { table: string; step: string; isKeyed: boolean }

const tables = [
  'threads',
  'thread_members',
  'runs',
  'invocations',
  'changed_messages',
  'questions',
] satisfies (keyof ThreadTables)[]

/** The same database; the texts of all queries that are run through its tables are remembered. */
export function remembering(db: Database): { db: Database; queries: CompiledQuery[] } {
  const queries: CompiledQuery[] = []
  const plain = db.tables<unknown>()
  const plugin: KyselyPlugin = {
    transformQuery({ node, queryId }): RootOperationNode {
      queries.push(plain.getExecutor().compileQuery(node, queryId))
      return node
    },
    transformResult: async ({ result }) => result,
  }
  const remembered = {
    ...db,
    // The same tables, whatever the caller names them.
    tables: <Tables>() => plain.withPlugin(plugin) as ReturnType<typeof db.tables<Tables>>,
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

/** `SEARCH runs USING INDEX …` looks for keys; `SCAN runs`, with an index or without, reads everything. */
function readOnSqlite(row: Record<string, unknown>): PlannedRead[] {
  const step = String(row.detail)
  const table = tables.find((name) => new RegExp(`^(SCAN|SEARCH) ${name}\\b`).test(step))
  return table ? [{ table, step, isKeyed: step.startsWith('SEARCH') }] : []
}

function readsOnPostgres(plan: unknown): PlannedRead[] {
  if (Array.isArray(plan)) return plan.flatMap(readsOnPostgres)
  if (typeof plan !== 'object' || plan === null) return []
  const node = plan as Record<string, unknown>
  const below = Object.values(node).flatMap(readsOnPostgres)
  const step = String(node['Node Type'])
  if (!step.endsWith('Scan') || !isOurs(node)) return below
  // A bitmap scan takes its keys from the index step below it.
  const isKeyed = 'Index Cond' in node || step === 'Bitmap Heap Scan'
  return [{ table: String(node['Relation Name'] ?? node['Index Name']), step, isKeyed }, ...below]
}

function isOurs(node: Record<string, unknown>): boolean {
  return tables.some((name) => node['Relation Name'] === name) || 'Index Name' in node
}
