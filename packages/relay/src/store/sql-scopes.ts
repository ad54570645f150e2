import { type Database, type Op, toOp } from '@parley/kernel/db'
import { type Selectable, sql } from 'kysely'
import { fromName, toName } from './columns.js'
import { keptRead } from './kept.js'
import { fromKey, toKey } from './keys.js'
import { isOneOf, toList } from './lists.js'
import type { GrantedChat, GrantRow, RoutingRows } from './port.js'
import type { RelayTables } from './tables.js'

type Keys = 'claimKeys' | 'ownersOf' | 'listKeys'
type Grants = 'grant' | 'release' | 'granted' | 'listGrants'

/** Which tenant has a scope, and which instance has a chat of it. */
export function scopeStatements(database: Database): Pick<RoutingRows, Keys | Grants> {
  return { ...keyStatements(database), ...grantStatements(database) }
}

// Keys of one statement; both engines take the parameters of so many.
const keysAtOnce = 500

function keyStatements(database: Database): Pick<RoutingRows, Keys> {
  const db = database.tables<RelayTables>()
  const owners = keptRead(database, (is: { platform: string; keys: string }) =>
    db
      .selectFrom('relay_route_keys')
      .select(['key', 'tenant'])
      .where('platform', '=', is.platform)
      .where(isOneOf(database, 'key', is.keys)),
  )
  const claimSome = (rows: RelayTables['relay_route_keys'][]): Op => {
    const claim = db.insertInto('relay_route_keys').values(rows)
    const harmless = claim.onConflict((conflict) =>
      conflict
        .columns(['platform', 'key'])
        .doUpdateSet({ tenant: sql`excluded.tenant` })
        .whereRef('relay_route_keys.tenant', '=', sql`excluded.tenant`),
    )
    return toOp(harmless, rows.length)
  }
  return {
    claimKeys: ({ tenant, platform, keys, at }) => {
      const owner = { tenant: toName(tenant), platform: toName(platform), at }
      // In one order, so that two claims at once wait for each other.
      const rows = [...new Set(keys)].sort().map((key) => ({ ...owner, key: toName(key) }))
      const parts = Array.from({ length: Math.ceil(rows.length / keysAtOnce) }, (_, part) =>
        rows.slice(part * keysAtOnce, (part + 1) * keysAtOnce),
      )
      return parts.map(claimSome)
    },

    ownersOf: async (platform, keys) => {
      if (keys.length === 0) return []
      const rows = await owners({ platform: toName(platform), keys: toList(database, keys.map(toName)) })
      return rows.map((row) => ({ key: fromName(row.key), tenant: fromName(row.tenant) }))
    },

    listKeys: async ({ tenant }) => {
      const all = db.selectFrom('relay_route_keys').select(['tenant', 'platform', 'key'])
      const seen = tenant === undefined ? all : all.where('tenant', '=', toName(tenant))
      const rows = await seen.orderBy('platform').orderBy('key').execute()
      return rows.map((row) => ({
        tenant: fromName(row.tenant),
        platform: fromName(row.platform),
        key: fromName(row.key),
      }))
    },
  }
}

function grantStatements(database: Database): Pick<RoutingRows, Grants> {
  const db = database.tables<RelayTables>()
  const grants = () => db.selectFrom('relay_grants').selectAll()
  const holder = keptRead(database, (is: ReturnType<typeof toChat>) =>
    grants()
      .where('platform', '=', is.platform)
      .where('scope_id', '=', is.scope_id)
      .where('chat_id', '=', is.chat_id),
  )
  return {
    grant: (row) => {
      const insert = db.insertInto('relay_grants').values({
        ...toKey(row),
        ...toChat(row),
        created_at: row.createdAt,
      })
      const harmless = insert.onConflict((conflict) =>
        conflict
          .columns(['platform', 'scope_id', 'chat_id'])
          .doUpdateSet({ tenant: sql`excluded.tenant` })
          .whereRef('relay_grants.tenant', '=', sql`excluded.tenant`)
          .whereRef('relay_grants.instance_id', '=', sql`excluded.instance_id`),
      )
      return [toOp(harmless, 1)]
    },

    release: (key, chat) => {
      const { platform, scope_id, chat_id } = toChat(chat)
      const { tenant, instance_id } = toKey(key)
      return toOp(
        db
          .deleteFrom('relay_grants')
          .where('platform', '=', platform)
          .where('scope_id', '=', scope_id)
          .where('chat_id', '=', chat_id)
          .where('tenant', '=', tenant)
          .where('instance_id', '=', instance_id),
      )
    },

    granted: async (chat) => {
      const [row] = await holder(toChat(chat))
      return row && fromGrant(row)
    },

    listGrants: async ({ tenant }) => {
      const seen = tenant === undefined ? grants() : grants().where('tenant', '=', toName(tenant))
      const rows = await seen.orderBy('platform').orderBy('scope_id').orderBy('chat_id').execute()
      return rows.map(fromGrant)
    },
  }
}

const toChat = (chat: GrantedChat) => ({
  platform: toName(chat.platform),
  scope_id: toName(chat.scopeId),
  chat_id: toName(chat.chatId),
})

const fromGrant = (row: Selectable<RelayTables['relay_grants']>): GrantRow => ({
  ...fromKey(row),
  platform: fromName(row.platform),
  scopeId: fromName(row.scope_id),
  chatId: fromName(row.chat_id),
  createdAt: Number(row.created_at),
})
