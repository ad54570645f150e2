import { type Database, type Op, toOp } from '@parley/kernel/db'
import { type Selectable, sql } from 'kysely'
import { fromName, fromNumberOrNull, toName } from './columns.js'
import { appendStatements } from './entry-appends.js'
import { expireStatements } from './entry-expiry.js'
import { keptOp, keptRead } from './kept.js'
import { fromKey, toKey } from './keys.js'
import { isOneOf, toList } from './lists.js'
import type { BufferDepth, EntryRow, EntryRows } from './port.js'
import type { RelayTables } from './tables.js'

type Key = { tenant: string; instance_id: string }
type Reads = 'list' | 'depths' | 'depth'

export function entryStatements(database: Database): EntryRows {
  return {
    ...entryReads(database),
    ...settling(database),
    ...appendStatements(database),
    ...expireStatements(database),
  }
}

const depthColumns = () =>
  [
    sql<number>`count(*)`.as('entries'),
    sql<number>`coalesce(sum(bytes), 0)`.as('bytes'),
    sql<number | null>`min(created_at)`.as('oldest_at'),
  ] as const

function entryReads(database: Database): Pick<EntryRows, Reads> {
  const db = database.tables<RelayTables>()
  const entries = () => db.selectFrom('relay_entries')
  const listed = keptRead(database, (is: Key & { after: number; limit: number }) =>
    entries()
      .selectAll()
      .where('tenant', '=', is.tenant)
      .where('instance_id', '=', is.instance_id)
      .where('position', '>', is.after)
      .orderBy('position')
      .limit(is.limit),
  )
  const counted = keptRead(database, (is: Key) =>
    entries()
      .where('tenant', '=', is.tenant)
      .where('instance_id', '=', is.instance_id)
      .select(depthColumns()),
  )
  return {
    list: async (key, { after, limit }) => (await listed({ ...toKey(key), after, limit })).map(fromEntry),

    depth: async (key) => {
      const [row] = await counted(toKey(key))
      return toDepth(row!)
    },

    depths: async ({ tenant }) => {
      const seen = tenant === undefined ? entries() : entries().where('tenant', '=', toName(tenant))
      const rows = await seen
        .groupBy(['tenant', 'instance_id'])
        .select(['tenant', 'instance_id', ...depthColumns()])
        .orderBy('tenant')
        .orderBy('instance_id')
        .execute()
      return rows.map((row) => ({ ...fromKey(row), ...toDepth(row) }))
    },
  }
}

function settling(database: Database): Pick<EntryRows, 'settle' | 'delivered'> {
  const db = database.tables<RelayTables>()
  const settled = keptOp((is: Key & { id: string }) =>
    db
      .deleteFrom('relay_entries')
      .where('buffer_id', '=', is.id)
      .where('tenant', '=', is.tenant)
      .where('instance_id', '=', is.instance_id),
  )
  // WHY the empty texts: with the columns as they are SQLite looks through the whole buffer instead of at the ids.
  const counted = (is: Key) =>
    db
      .updateTable('relay_entries')
      .set({ deliveries: sql<number>`deliveries + 1` })
      .where(sql<string>`tenant || ''`, '=', is.tenant)
      .where(sql<string>`instance_id || ''`, '=', is.instance_id)
  const countedOne = keptOp((is: Key & { id: string }) => counted(is).where('buffer_id', '=', is.id))
  const countedMany = keptOp((is: Key & { ids: string }) =>
    counted(is).where(isOneOf(database, 'buffer_id', is.ids)),
  )
  return {
    settle: (key, bufferId): Op => settled({ ...toKey(key), id: toName(bufferId) }),

    delivered: (key, bufferIds) => {
      const [first, ...others] = bufferIds.map(toName)
      if (first === undefined) return toOp(counted(toKey(key)).where(sql.lit(false)))
      return others.length === 0
        ? countedOne({ ...toKey(key), id: first })
        : countedMany({ ...toKey(key), ids: toList(database, [first, ...others]) })
    },
  }
}

const toDepth = (row: { entries: number; bytes: number; oldest_at: number | null }): BufferDepth => ({
  entries: Number(row.entries),
  bytes: Number(row.bytes),
  oldestAt: fromNumberOrNull(row.oldest_at),
})

const fromEntry = (row: Selectable<RelayTables['relay_entries']>): EntryRow => ({
  ...fromKey(row),
  position: Number(row.position),
  bufferId: fromName(row.buffer_id),
  // The cast: nothing but this store writes the column.
  kind: row.kind as EntryRow['kind'],
  bytes: Number(row.bytes),
  createdAt: Number(row.created_at),
  expiresAt: Number(row.expires_at),
  deliveries: Number(row.deliveries),
})
