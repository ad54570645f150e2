import { type Database, type Op, toOp } from '@parley/kernel/db'
import { type RawBuilder, sql } from 'kysely'
import { type EntryRows, expireLimit } from './port.js'
import { rawQuery } from './raw.js'
import type { RelayTables } from './tables.js'

export function expireStatements(database: Database): Pick<EntryRows, 'expire' | 'countExpired'> {
  const db = database.tables<RelayTables>()
  return {
    expire: (at) => (database.engine === 'postgres' ? [expiredAtOnce(database, at)] : expired(database, at)),

    countExpired: async (at) => {
      const some = db
        .selectFrom('relay_entries')
        .where('expires_at', '<=', at)
        .select('buffer_id')
        .limit(expireLimit)
      const query = db.selectFrom(some.as('some')).select(sql<number>`count(*)`.as('count'))
      return Number((await query.executeTakeFirstOrThrow()).count)
    },
  }
}

const longestExpired = (at: number): RawBuilder<unknown> => sql`
  select buffer_id from relay_entries where expires_at <= ${at} order by expires_at, buffer_id limit ${expireLimit}`

function expired(database: Database, at: number): Op[] {
  const counts = sql`
    update relay_instances set dropped = dropped + gone.entries
    from (select tenant, instance_id, count(*) as entries from relay_entries
          where buffer_id in (${longestExpired(at)}) group by tenant, instance_id) as gone
    where relay_instances.tenant = gone.tenant and relay_instances.instance_id = gone.instance_id`
  const removal = sql`delete from relay_entries where buffer_id in (${longestExpired(at)})`
  return [toOp(rawQuery(database, counts)), toOp(rawQuery(database, removal))]
}

/** One statement: another node may do the same, and what is gone is counted by who removed it. */
function expiredAtOnce(database: Database, at: number): Op {
  const statement = sql`
    with gone as (delete from relay_entries where buffer_id in (${longestExpired(at)}) returning tenant, instance_id),
    counted as (select tenant, instance_id, count(*) as entries from gone group by tenant, instance_id)
    update relay_instances set dropped = dropped + counted.entries from counted
    where relay_instances.tenant = counted.tenant and relay_instances.instance_id = counted.instance_id`
  return toOp(rawQuery(database, statement))
}
