import { type Database, type Op, type SqlValue, toOp } from '@parley/kernel/db'
import { type Selectable, sql } from 'kysely'
import { fromName, fromNameOrNull, given, present, toName, toNameOrNull } from './columns.js'
import { keptOp } from './kept.js'
import { fromBotKey, fromKey, toBotKey, toKey } from './keys.js'
import type { ReceiptRow, ReceiptRows, ReceiptState } from './port.js'
import { isUnsettled, type RelayTables } from './tables.js'

type Table = RelayTables['relay_receipts']
type Reads = 'find' | 'sender' | 'list' | 'counts' | 'listQueued'

export function receiptStatements(database: Database): ReceiptRows {
  return { ...receiptReads(database), ...receiptOps(database) }
}

const isRare = (state: ReceiptState) => state !== 'sent' && state !== 'confirmed'

function receiptReads(database: Database): Pick<ReceiptRows, Reads> {
  const db = database.tables<RelayTables>()
  const receipts = () => db.selectFrom('relay_receipts').selectAll()
  const queued = () => receipts().where(isUnsettled()).where('state', '=', 'queued')
  return {
    find: async (id) => {
      const row = await receipts().where('id', '=', toName(id)).executeTakeFirst()
      return row && fromReceipt(row)
    },

    sender: async (bot, chatId, messageId) => {
      const { platform, bot_id } = toBotKey(bot)
      const row = await receipts()
        .where('platform', '=', platform)
        .where('bot_id', '=', bot_id)
        // A follow-up names a session and no chat: on platforms that have them an id of a message is unique.
        .where('chat_id', 'in', [toName(chatId), toName('')])
        .where('message_id', '=', toName(messageId))
        .where('state', 'in', ['sent', 'confirmed'])
        .orderBy('created_at')
        .orderBy('id')
        .limit(1)
        .executeTakeFirst()
      return row && fromKey(row)
    },

    list: async ({ tenant, state, before, limit }) => {
      let query = receipts().orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit)
      if (tenant !== undefined) query = query.where('tenant', '=', toName(tenant))
      if (state !== undefined) query = query.where('state', '=', state)
      if (state !== undefined && isRare(state)) query = query.where(isUnsettled())
      if (before)
        query = query.where((is) =>
          is(is.refTuple('created_at', 'id'), '<', is.tuple(before.createdAt, toName(before.id))),
        )
      return (await query.execute()).map(fromReceipt)
    },

    counts: async ({ tenant }) => {
      const all = db.selectFrom('relay_receipts').groupBy('state')
      const seen = tenant === undefined ? all : all.where('tenant', '=', toName(tenant))
      const rows = await seen.select(['state', sql<number>`count(*)`.as('count')]).execute()
      const none = { queued: 0, sent: 0, confirmed: 0, parked: 0, dead: 0 }
      return { ...none, ...Object.fromEntries(rows.map(({ state, count }) => [state, Number(count)])) }
    },

    listQueued: async (node) => {
      const query = node === null ? queued() : queued().where('node', '=', toName(node))
      return (await query.orderBy('created_at').orderBy('id').execute()).map(fromReceipt)
    },
  }
}

function receiptOps(database: Database): Omit<ReceiptRows, Reads> {
  const db = database.tables<RelayTables>()
  const inserted = keptOp(
    (is: Table) =>
      db
        .insertInto('relay_receipts')
        .values(valuesOf(is))
        .onConflict((conflict) => conflict.doNothing()),
    1,
  )
  const changed = keptChanges(database)
  return {
    insert: (row) => inserted(toReceipt(row)),

    change: (id, change, from) => changed(toName(id), toChange(change), from),

    confirm: (bot, chatId, messageId, at) => {
      const { platform, bot_id } = toBotKey(bot)
      return toOp(
        db
          .updateTable('relay_receipts')
          .set({ state: 'confirmed', updated_at: at })
          .where('platform', '=', platform)
          .where('bot_id', '=', bot_id)
          .where('chat_id', '=', toName(chatId))
          .where('message_id', '=', toName(messageId))
          .where('state', '=', 'sent'),
      )
    },

    // A row changed before was also made before, and there is an index of when rows were made.
    purge: (states, before) =>
      toOp(
        db
          .deleteFrom('relay_receipts')
          .where('created_at', '<', before)
          .where('updated_at', '<', before)
          .where('state', 'in', states),
      ),
  }
}

/** Changes by what they set, each compiled when it is first made: there are few kinds of them. */
function keptChanges(database: Database) {
  type Values = Record<string, SqlValue>
  const db = database.tables<RelayTables>()
  const kinds = new Map<string, (values: Values) => Op>()
  return (id: string, change: Partial<Table>, from: readonly ReceiptState[]): Op => {
    const names = Object.keys(change)
    const kind = [...names, 'from', ...from].join(' ')
    const changed =
      kinds.get(kind) ??
      keptOp((is: Values) => {
        // Set to what it was: an update names a column.
        const values = Object.fromEntries(['id', ...names].map((name) => [name, is[name]]))
        const ofId = db.updateTable('relay_receipts').where('id', '=', is.id as string)
        return ofId.where('state', 'in', from).set(values)
      }, 1)
    kinds.set(kind, changed)
    return changed({ ...change, id })
  }
}

/** A row's columns, named one by one: of values that are not given yet only the names are known. */
const valuesOf = (is: Table): Table => ({
  tenant: is.tenant,
  instance_id: is.instance_id,
  platform: is.platform,
  bot_id: is.bot_id,
  id: is.id,
  gateway_id: is.gateway_id,
  request_id: is.request_id,
  op: is.op,
  chat_id: is.chat_id,
  action: is.action,
  state: is.state,
  node: is.node,
  attempts: is.attempts,
  message_id: is.message_id,
  rung: is.rung,
  error: is.error,
  created_at: is.created_at,
  updated_at: is.updated_at,
})

const toChange = (change: Parameters<ReceiptRows['change']>[1]): Partial<Table> =>
  present({
    state: change.state,
    attempts: change.attempts,
    message_id: given(change.messageId, toNameOrNull),
    rung: given(change.rung, toNameOrNull),
    error: given(change.error, toNameOrNull),
    updated_at: change.updatedAt,
    node: given(change.node, toNameOrNull),
  })

const toReceipt = (row: ReceiptRow): Table => ({
  ...toKey(row),
  ...toBotKey(row),
  id: toName(row.id),
  gateway_id: toName(row.gatewayId),
  request_id: toName(row.requestId),
  op: toName(row.op),
  chat_id: toName(row.chatId),
  action: toName(row.action),
  state: row.state,
  node: toNameOrNull(row.node),
  attempts: row.attempts,
  message_id: toNameOrNull(row.messageId),
  rung: toNameOrNull(row.rung),
  error: toNameOrNull(row.error),
  created_at: row.createdAt,
  updated_at: row.updatedAt,
})

const fromReceipt = (row: Selectable<Table>): ReceiptRow => ({
  ...fromKey(row),
  ...fromBotKey(row),
  id: fromName(row.id),
  gatewayId: fromName(row.gateway_id),
  requestId: fromName(row.request_id),
  op: fromName(row.op),
  chatId: fromName(row.chat_id),
  action: fromName(row.action),
  // The cast: nothing but this store writes the column.
  state: row.state as ReceiptState,
  node: fromNameOrNull(row.node),
  attempts: Number(row.attempts),
  messageId: fromNameOrNull(row.message_id),
  rung: fromNameOrNull(row.rung),
  error: fromNameOrNull(row.error),
  createdAt: Number(row.created_at),
  updatedAt: Number(row.updated_at),
})
