import type { Database } from '@parley/kernel/db'
import { sql } from 'kysely'
import { toName } from './columns.js'
import { keptOp } from './kept.js'
import { toKey } from './keys.js'
import type { EntryRows } from './port.js'
import { rawQuery } from './raw.js'
import type { RelayTables } from './tables.js'

type Key = { tenant: string; instance_id: string }

/** Appending and trimming, which come with every message. */
export function appendStatements(database: Database): Pick<EntryRows, 'append' | 'trim'> {
  const [count, countOf, insert] = [countedUp(database), countedUpOf(database), inserted(database)]
  const [raise, drop] = [floorRaised(database), droppedBelow(database)]
  return {
    append: (draft) => {
      const key = toKey(draft)
      const { bytes, kind, createdAt, expiresAt, stream } = draft
      const buffer_id = toName(draft.bufferId)
      return [
        stream === undefined ? count({ ...key, bytes }) : countOf({ ...key, bytes, stream: toName(stream) }),
        insert({ ...key, buffer_id, kind, bytes, created_at: createdAt, expires_at: expiresAt }),
      ]
    },

    trim: (key, limits) => [raise({ ...toKey(key), ...limits }), drop(toKey(key))],
  }
}

type Counted = Key & { bytes: number }

const oneMore = (database: Database, is: Counted) =>
  database
    .tables<RelayTables>()
    .updateTable('relay_instances')
    .set({
      appended: sql<number>`appended + 1`,
      appended_bytes: sql<number>`appended_bytes + ${is.bytes}`,
    })
    .where('tenant', '=', is.tenant)
    .where('instance_id', '=', is.instance_id)

const countedUp = (database: Database) => keptOp((is: Counted) => oneMore(database, is), 1)

/** WHY: an instance that was forgotten and made anew counts from the beginning, in another stream. */
const countedUpOf = (database: Database) =>
  keptOp((is: Counted & { stream: string }) => oneMore(database, is).where('stream', '=', is.stream), 1)

type Inserted = Key & {
  buffer_id: string
  kind: string
  bytes: number
  created_at: number
  expires_at: number
}

const inserted = (database: Database) =>
  keptOp((is: Inserted) => {
    const db = database.tables<RelayTables>()
    const row = db
      .selectFrom('relay_instances')
      .where('tenant', '=', is.tenant)
      .where('instance_id', '=', is.instance_id)
      .select(({ ref, val, lit }) => [
        'tenant',
        'instance_id',
        ref('appended').as('position'),
        ref('appended_bytes').as('bytes_end'),
        lit(0).as('deliveries'),
        val(is.buffer_id).as('buffer_id'),
        val(is.kind).as('kind'),
        val(is.bytes).as('bytes'),
        val(is.created_at).as('created_at'),
        val(is.expires_at).as('expires_at'),
      ])
    return db
      .insertInto('relay_entries')
      .columns([
        ...(['tenant', 'instance_id', 'position', 'bytes_end', 'deliveries'] as const),
        ...(['buffer_id', 'kind', 'bytes', 'created_at', 'expires_at'] as const),
      ])
      .expression(row)
      .onConflict((conflict) => conflict.doNothing())
  }, 1)

/**
 * Puts the floor above what is beyond the limits, and counts it. WHY: what waits lies between the oldest entry and the last
 * position, so the oldest alone tells when nothing can be beyond; only otherwise the entries are looked at.
 */
const floorRaised = (database: Database) =>
  keptOp((is: Key & { entries: number; bytes: number }) => {
    const own = database
      .tables<RelayTables>()
      .selectFrom('relay_entries')
      .where('tenant', '=', is.tenant)
      .where('instance_id', '=', is.instance_id)
    const oldest = own.orderBy('position').limit(1)
    const mayBeTooMany = sql`relay_instances.appended - (${oldest.select('position')}) >= ${is.entries}`
    const before = oldest.select(sql<number>`bytes_end - bytes`.as('before'))
    const mayBeTooLarge = sql`relay_instances.appended_bytes - (${before}) > ${is.bytes}`
    const newestBeyond = own.select('position').orderBy('position', 'desc').limit(1).offset(is.entries)
    const totals = own.select(['position', sql<number>`sum(bytes) over (order by position desc)`.as('total')])
    const update = sql`
      update relay_instances set (floor, dropped) = (
        select coalesce(max(dropping.position), relay_instances.floor), relay_instances.dropped + count(*)
        from (${own.select('position')}) as dropping
        where dropping.position <= (
          select max(beyond.position) from (
            select counted.position from (${newestBeyond}) as counted
            union all
            select case when ${mayBeTooLarge} then (
              select max(weighed.position) from (${totals}) as weighed where weighed.total > ${is.bytes}) end
          ) as beyond))
      where tenant = ${is.tenant} and instance_id = ${is.instance_id} and (${mayBeTooMany} or ${mayBeTooLarge})`
    return rawQuery(database, update)
  })

const droppedBelow = (database: Database) =>
  keptOp((is: Key) => {
    const db = database.tables<RelayTables>()
    const floor = db
      .selectFrom('relay_instances')
      .select('floor')
      .where('tenant', '=', is.tenant)
      .where('instance_id', '=', is.instance_id)
    return db
      .deleteFrom('relay_entries')
      .where('tenant', '=', is.tenant)
      .where('instance_id', '=', is.instance_id)
      .where('position', '<=', floor)
  })
