import { type Database, toOp } from '@parley/kernel/db'
import { type Selectable, sql } from 'kysely'
import { fromBit, fromName, fromNumberOrNull, toName } from './columns.js'
import { keptRead } from './kept.js'
import { fromKey, toKey } from './keys.js'
import type { BindingRow, LinkCodeRow, LinkRows, Person } from './port.js'
import type { RelayTables } from './tables.js'

type Table = RelayTables['relay_bindings']
type Codes = 'insertCode' | 'findCode' | 'useCode' | 'purgeCodes'
type Reads = 'ofPerson' | 'ofInstance' | 'list' | 'has'

export function linkStatements(database: Database): LinkRows {
  return { ...linkReads(database), ...linkOps(database), ...codeStatements(database) }
}

function linkReads(database: Database): Pick<LinkRows, Reads> {
  const db = database.tables<RelayTables>()
  const bindings = () => db.selectFrom('relay_bindings').selectAll()
  const ofPerson = keptRead(database, (is: ReturnType<typeof toPerson>) =>
    bindings().where('platform', '=', is.platform).where('user_id', '=', is.user_id),
  )
  const first = keptRead(database, (is: { tenant: string; platform: string }) =>
    db
      .selectFrom('relay_bindings')
      .select(sql<number>`1`.as('one'))
      .where('tenant', '=', is.tenant)
      .where('platform', '=', is.platform)
      // In the order of the index, so that it is what is looked in.
      .orderBy('user_id')
      .limit(1),
  )
  return {
    ofPerson: async (person) => defaultFirst((await ofPerson(toPerson(person))).map(fromBinding)),

    ofInstance: async (key, platform) => {
      const { tenant, instance_id } = toKey(key)
      const own = bindings().where('tenant', '=', tenant).where('instance_id', '=', instance_id)
      const query = platform === undefined ? own : own.where('platform', '=', toName(platform))
      return (await query.orderBy('platform').orderBy('user_id').execute()).map(fromBinding)
    },

    list: async ({ tenant }) => {
      const seen = tenant === undefined ? bindings() : bindings().where('tenant', '=', toName(tenant))
      const rows = await seen
        .select(isFirst())
        .orderBy('tenant')
        .orderBy('platform')
        .orderBy('user_id')
        .execute()
      return rows.map((row) => ({ ...fromBinding(row), isFirst: fromBit(row.is_first) }))
    },

    has: async (tenant, platform) =>
      (await first({ tenant: toName(tenant), platform: toName(platform) })).length > 0,
  }
}

function linkOps(database: Database): Pick<LinkRows, 'bind' | 'unbind' | 'setDmDefault'> {
  const db = database.tables<RelayTables>()
  const restingOn = (tenant: string, person: Person) => {
    const { platform, user_id } = toPerson(person)
    const ofTenant = db.deleteFrom('relay_conversations').where('tenant', '=', toName(tenant))
    return ofTenant.where('platform', '=', platform).where('user_id', '=', user_id)
  }
  return {
    bind: (row) => {
      const bound = toBinding(row)
      const { instance_id, linked_at, dm_default_at } = bound
      const insert = db.insertInto('relay_bindings').values(bound)
      const moved = insert.onConflict((conflict) =>
        conflict
          .columns(['tenant', 'platform', 'user_id'])
          .doUpdateSet({ instance_id, linked_at, dm_default_at }),
      )
      return [toOp(moved), toOp(restingOn(row.tenant, row).where('instance_id', '<>', instance_id))]
    },

    unbind: (tenant, person) => {
      const { platform, user_id } = toPerson(person)
      const binding = db.deleteFrom('relay_bindings').where('tenant', '=', toName(tenant))
      return [
        toOp(binding.where('platform', '=', platform).where('user_id', '=', user_id)),
        toOp(restingOn(tenant, person)),
      ]
    },

    setDmDefault: (key, person, at) => {
      const { platform, user_id } = toPerson(person)
      const { tenant, instance_id } = toKey(key)
      return toOp(
        db
          .updateTable('relay_bindings')
          .set({ dm_default_at: at })
          .where('tenant', '=', tenant)
          .where('platform', '=', platform)
          .where('user_id', '=', user_id)
          .where('instance_id', '=', instance_id),
        1,
      )
    },
  }
}

function codeStatements(database: Database): Pick<LinkRows, Codes> {
  const db = database.tables<RelayTables>()
  return {
    insertCode: (row) =>
      toOp(
        db
          .insertInto('relay_link_codes')
          .values({
            ...toKey(row),
            hash: toName(row.hash),
            platform: toName(row.platform),
            expires_at: row.expiresAt,
          })
          .onConflict((conflict) => conflict.doNothing()),
        1,
      ),

    findCode: async (hash) => {
      const query = db.selectFrom('relay_link_codes').selectAll().where('hash', '=', toName(hash))
      const row = await query.executeTakeFirst()
      return row && fromCode(row)
    },

    useCode: (hash, at) =>
      toOp(
        db.deleteFrom('relay_link_codes').where('hash', '=', toName(hash)).where('expires_at', '>', at),
        1,
      ),

    purgeCodes: (before) => toOp(db.deleteFrom('relay_link_codes').where('expires_at', '<', before)),
  }
}

/** 1 where no other binding of the person comes before, in the order of `defaultFirst`. */
const isFirst = () =>
  sql<number>`
  case when exists (
    select 1 from relay_bindings as other
    where other.platform = relay_bindings.platform and other.user_id = relay_bindings.user_id
      and (coalesce(other.dm_default_at, -1), other.linked_at, other.tenant)
        > (coalesce(relay_bindings.dm_default_at, -1), relay_bindings.linked_at, relay_bindings.tenant)
  ) then 0 else 1 end`.as('is_first')

/** The binding that was made the default last, then the others, the latest linked first. */
function defaultFirst(rows: BindingRow[]): BindingRow[] {
  const latest = rows.toSorted(
    (a, b) => b.linkedAt - a.linkedAt || (a.tenant > b.tenant ? -1 : a.tenant < b.tenant ? 1 : 0),
  )
  const chosen = latest.filter((row) => row.dmDefaultAt !== null)
  const [first] = chosen.sort((a, b) => (b.dmDefaultAt ?? 0) - (a.dmDefaultAt ?? 0))
  return first ? [first, ...latest.filter((row) => row !== first)] : latest
}

const toPerson = (person: Person) => ({ platform: toName(person.platform), user_id: toName(person.userId) })

const toBinding = (row: BindingRow): Table => ({
  ...toKey(row),
  ...toPerson(row),
  linked_at: row.linkedAt,
  dm_default_at: row.dmDefaultAt,
})

const fromBinding = (row: Selectable<Table>): BindingRow => ({
  ...fromKey(row),
  platform: fromName(row.platform),
  userId: fromName(row.user_id),
  linkedAt: Number(row.linked_at),
  dmDefaultAt: fromNumberOrNull(row.dm_default_at),
})

const fromCode = (row: Selectable<RelayTables['relay_link_codes']>): LinkCodeRow => ({
  ...fromKey(row),
  hash: fromName(row.hash),
  platform: fromName(row.platform),
  expiresAt: Number(row.expires_at),
})
