// What the people who run the server look at: threads of all tenants. Nothing here asks whose they are.
import type { Database, Engine, Migration } from '@parley/kernel/db'
import { tenantKey } from '@parley/kernel/principal'
import { type Expression, type SqlBool, sql } from 'kysely'
import type { OperatorReads, TenantMap } from './port.js'
import { fromThread, isActive, type ThreadTables } from './rows.js'

/** A list of all tenants has no tenant key to begin an index with. */
export const operatorIndex: Migration = {
  name: '005-newest-threads',
  statements: (db) => [db.schema.createIndex('threads_newest').on('threads').columns(['created_at', 'id'])],
}

export function operatorReads(database: Database): OperatorReads {
  const db = database.tables<ThreadTables>()
  const isWithin = (within: TenantMap) =>
    Object.keys(within).length === 0 ? undefined : hasAll(database.engine, within)
  const perThread = async (table: 'thread_members' | 'runs', ids: readonly string[]) => {
    const grouped = db.selectFrom(table).where('thread_id', 'in', ids).groupBy('thread_id')
    const active = table === 'runs' ? grouped.where(isActive()) : grouped
    const rows = await active.select(['thread_id', db.fn.countAll<number>().as('n')]).execute()
    return new Map(rows.map(({ thread_id, n }) => [thread_id, Number(n)]))
  }
  return {
    listThreads: async ({ within, after, limit }) => {
      const condition = isWithin(within)
      let query = db.selectFrom('threads').selectAll()
      if (condition) query = query.where(condition)
      if (after)
        query = query.where((is) =>
          is(is.refTuple('created_at', 'id'), '<', is.tuple(after.createdAt, after.id)),
        )
      const rows = await query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).execute()
      return rows.map(fromThread)
    },

    listTenants: async (within, limit) => {
      const condition = isWithin(within)
      const n = db.fn.countAll<number>().as('n')
      let query = db.selectFrom('threads').select(['tenant_key', n]).groupBy('tenant_key')
      if (condition) query = query.where(condition)
      const rows = await query.orderBy('n', 'desc').orderBy('tenant_key').limit(limit).execute()
      return rows.map((row) => ({ tenant: toTenant(row.tenant_key), threads: Number(row.n) }))
    },

    countIn: async (ids) => {
      const none = new Map<string, number>()
      const [members, runs] =
        ids.length === 0
          ? [none, none]
          : await Promise.all([perThread('thread_members', ids), perThread('runs', ids)])
      return (id) => ({ members: members.get(id) ?? 0, activeRuns: runs.get(id) ?? 0 })
    },
  }
}

// The cast: the column holds a tenant in its canonical text, which is a list of entries.
const toTenant = (key: string): TenantMap => Object.fromEntries(JSON.parse(key) as [string, string][])

/** Compares entries as JSON text, which is canonical: see `visible.ts`. */
function hasAll(engine: Engine, within: TenantMap): Expression<SqlBool> {
  const entries =
    engine === 'postgres'
      ? sql`(select value::text from json_array_elements(tenant_key::json))`
      : sql`(select value from json_each(tenant_key))`
  // The cast: as above.
  const wanted = (JSON.parse(tenantKey(within)) as [string, string][]).map((entry) => JSON.stringify(entry))
  return sql.join(
    wanted.map((text) => sql<SqlBool>`${text} in ${entries}`),
    sql` and `,
  ) as Expression<SqlBool>
}
