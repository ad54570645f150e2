import { type Database, toOp } from '@parley/kernel/db'
import type { Selectable } from 'kysely'
import {
  fromBit,
  fromName,
  fromNameOrNull,
  fromText,
  given,
  present,
  toBit,
  toName,
  toNameOrNull,
  toText,
} from './columns.js'
import { keptRead } from './kept.js'
import { fromBotKey, toBotKey } from './keys.js'
import type { BotRow, BotRows } from './port.js'
import type { RelayTables } from './tables.js'

type Table = RelayTables['relay_bots']
type Reads =
  | 'find'
  | 'list'
  | 'listProvisioned'
  | 'listFronts'
  | 'isProvisioned'
  | 'listTenants'
  | 'listCommands'

export function botStatements(database: Database): BotRows {
  return { ...botReads(database), ...botOps(database) }
}

function botReads(database: Database): Pick<BotRows, Reads> {
  const db = database.tables<RelayTables>()
  const bots = () => db.selectFrom('relay_bots').selectAll()
  const provisioned = () => db.selectFrom('relay_provisioned')
  const fronts = keptRead(database, (is: { tenant: string; platform: string; bot_id: string }) =>
    provisioned()
      .select('at')
      .where('tenant', '=', is.tenant)
      .where('platform', '=', is.platform)
      .where('bot_id', '=', is.bot_id),
  )
  const tenantsOf = keptRead(database, (is: { platform: string; bot_id: string }) =>
    provisioned()
      .select('tenant')
      .where('platform', '=', is.platform)
      .where('bot_id', '=', is.bot_id)
      .orderBy('tenant'),
  )
  return {
    find: async (bot) => {
      const { platform, bot_id } = toBotKey(bot)
      const row = await bots()
        .where('platform', '=', platform)
        .where('bot_id', '=', bot_id)
        .executeTakeFirst()
      return row && fromBot(row)
    },

    list: async () => (await bots().orderBy('platform').orderBy('bot_id').execute()).map(fromBot),

    listProvisioned: async (tenant) => {
      const ofTenant = provisioned().where('tenant', '=', toName(tenant)).select(['platform', 'bot_id'])
      return (await ofTenant.orderBy('platform').orderBy('bot_id').execute()).map(fromBotKey)
    },

    isProvisioned: async (tenant, bot) =>
      (await fronts({ tenant: toName(tenant), ...toBotKey(bot) })).length > 0,

    listTenants: async (bot) => (await tenantsOf(toBotKey(bot))).map(({ tenant }) => fromName(tenant)),

    listFronts: async ({ tenant }) => {
      const all = provisioned().select(['tenant', 'platform', 'bot_id'])
      const seen = tenant === undefined ? all : all.where('tenant', '=', toName(tenant))
      const rows = await seen.orderBy('tenant').orderBy('platform').orderBy('bot_id').execute()
      return rows.map((row) => ({ tenant: fromName(row.tenant), ...fromBotKey(row) }))
    },

    listCommands: async (bot) => {
      const { platform, bot_id } = toBotKey(bot)
      const ofBot = db
        .selectFrom('relay_commands')
        .where('platform', '=', platform)
        .where('bot_id', '=', bot_id)
      const rows = await ofBot.select(['tenant', 'manifest']).orderBy('tenant').execute()
      return rows.map(({ tenant, manifest }) => ({
        tenant: fromName(tenant),
        manifest: JSON.parse(manifest),
      }))
    },
  }
}

function botOps(database: Database): Omit<BotRows, Reads> {
  const db = database.tables<RelayTables>()
  return {
    insert: (row) =>
      toOp(
        db
          .insertInto('relay_bots')
          .values(toBot(row))
          .onConflict((conflict) => conflict.doNothing()),
        1,
      ),

    change: (bot, change) => {
      const { platform, bot_id } = toBotKey(bot)
      const ofBot = db.updateTable('relay_bots').where('platform', '=', platform).where('bot_id', '=', bot_id)
      // Set to what it was: an update names a column.
      return toOp(ofBot.set({ platform, ...toBotChange(change) }), 1)
    },

    remove: (bot) => {
      const { platform, bot_id } = toBotKey(bot)
      const ofBot = (table: 'relay_bots' | 'relay_provisioned' | 'relay_commands' | 'relay_prompts') =>
        db.deleteFrom(table).where('platform', '=', platform).where('bot_id', '=', bot_id)
      return [
        toOp(ofBot('relay_bots'), 1),
        toOp(ofBot('relay_provisioned')),
        toOp(ofBot('relay_commands')),
        toOp(ofBot('relay_prompts')),
      ]
    },

    provision: (tenant, bot, at) =>
      toOp(
        db
          .insertInto('relay_provisioned')
          .values({ tenant: toName(tenant), ...toBotKey(bot), at })
          .onConflict((conflict) => conflict.doNothing()),
      ),

    setCommands: (bot, tenant, manifest) => {
      const text = JSON.stringify(manifest)
      return toOp(
        db
          .insertInto('relay_commands')
          .values({ ...toBotKey(bot), tenant: toName(tenant), manifest: text })
          .onConflict((conflict) =>
            conflict.columns(['platform', 'bot_id', 'tenant']).doUpdateSet({ manifest: text }),
          ),
      )
    },
  }
}

const toBot = (row: BotRow): Table => ({
  ...toBotKey(row),
  driver: toName(row.driver),
  label: toName(row.label),
  username: toNameOrNull(row.username),
  settings: JSON.stringify(row.settings),
  sealed: row.sealed,
  tenants: toText(row.tenants),
  is_enabled: toBit(row.isEnabled),
  created_at: row.createdAt,
})

const toBotChange = (change: Parameters<BotRows['change']>[1]): Partial<Table> =>
  present({
    label: given(change.label, toName),
    username: given(change.username, toNameOrNull),
    settings: given(change.settings, (settings) => JSON.stringify(settings)),
    sealed: change.sealed,
    tenants: given(change.tenants, toText),
    is_enabled: given(change.isEnabled, toBit),
  })

const fromBot = (row: Selectable<Table>): BotRow => ({
  ...fromBotKey(row),
  driver: fromName(row.driver),
  label: fromName(row.label),
  username: fromNameOrNull(row.username),
  settings: JSON.parse(row.settings),
  sealed: row.sealed,
  tenants: fromText(row.tenants),
  isEnabled: fromBit(row.is_enabled),
  createdAt: Number(row.created_at),
})
