import { type Database, toOp } from '@parley/kernel/db'
import { type Selectable, sql } from 'kysely'
import { fromName, fromNameOrNull, toName, toNameOrNull } from './columns.js'
import { keptOp, keptRead } from './kept.js'
import { fromBotKey, fromKey, toBotKey, toKey } from './keys.js'
import type { ConversationRow, RoutingRows, SessionRouteRow } from './port.js'
import type { RelayTables } from './tables.js'

type Table = RelayTables['relay_conversations']
type Names =
  | 'remember'
  | 'hasConversation'
  | 'conversations'
  | 'isShared'
  | 'listConversations'
  | 'purgeConversations'
  | 'sessionRoute'
  | 'purgeSessionRoutes'

/** What was delivered where: conversations, and where their sessions run. */
export function conversationStatements(database: Database): Pick<RoutingRows, Names> {
  const db = database.tables<RelayTables>()
  const conversations = () => db.selectFrom('relay_conversations').selectAll()
  const [converse, route] = [remembered(database), routed(database)]
  type Chat = { tenant: string; instance_id: string; platform: string; bot_id: string; chat_id: string }
  const inChat = (is: Chat) =>
    db
      .selectFrom('relay_conversations')
      .where('tenant', '=', is.tenant)
      .where('instance_id', '=', is.instance_id)
      .where('platform', '=', is.platform)
      .where('bot_id', '=', is.bot_id)
      .where('chat_id', '=', is.chat_id)
  // OUTSIDE: ordered by the bare column, SQLite goes through all conversations of the tenant by their time, so as not to sort.
  const ofChat = keptRead(database, (is: Chat) =>
    inChat(is).selectAll().orderBy(sql`+last_seen_at`, 'desc').orderBy('user_id'),
  )
  const anyOfChat = keptRead(database, (is: Chat) => inChat(is).select(sql<number>`1`.as('one')).limit(1))
  const ofSession = keptRead(database, (is: { tenant: string; session_key: string; since: number }) =>
    db
      .selectFrom('relay_session_routes')
      .selectAll()
      .where('tenant', '=', is.tenant)
      .where('session_key', '=', is.session_key)
      .where('last_seen_at', '>=', is.since),
  )
  return {
    remember: (row) => {
      const values = toConversation(row)
      const { tenant, session_key, instance_id, chat_id, last_seen_at } = values
      return [converse(values), route({ tenant, session_key, instance_id, chat_id, last_seen_at })]
    },

    hasConversation: async (key, bot, chatId) =>
      (await anyOfChat({ ...toKey(key), ...toBotKey(bot), chat_id: toName(chatId) })).length > 0,

    conversations: async (key, bot, chatId) =>
      (await ofChat({ ...toKey(key), ...toBotKey(bot), chat_id: toName(chatId) })).map(fromConversation),

    isShared: async (key, bot, chatId) => {
      const { tenant, instance_id } = toKey(key)
      const { platform, bot_id } = toBotKey(bot)
      const others = (table: 'relay_conversations' | 'relay_receipts') =>
        db
          .selectFrom(table)
          .select('tenant')
          .where('platform', '=', platform)
          .where('bot_id', '=', bot_id)
          .where('chat_id', '=', toName(chatId))
          .where((is) => is.or([is('tenant', '!=', tenant), is('instance_id', '!=', instance_id)]))
          .limit(1)
      if (await others('relay_conversations').executeTakeFirst()) return true
      // Not what was refused: nobody makes a chat a shared one by trying.
      const sent = others('relay_receipts').where('message_id', 'is not', null)
      return (await sent.executeTakeFirst()) !== undefined
    },

    listConversations: async ({ tenant, limit }) => {
      const seen =
        tenant === undefined ? conversations() : conversations().where('tenant', '=', toName(tenant))
      return (await seen.orderBy('last_seen_at', 'desc').limit(limit).execute()).map(fromConversation)
    },

    purgeConversations: (before) =>
      toOp(db.deleteFrom('relay_conversations').where('last_seen_at', '<', before)),

    sessionRoute: async (tenant, sessionKey, since) => {
      const [row] = await ofSession({ tenant: toName(tenant), session_key: toName(sessionKey), since })
      return row && fromRoute(row)
    },

    purgeSessionRoutes: (before) =>
      toOp(db.deleteFrom('relay_session_routes').where('last_seen_at', '<', before)),
  }
}

const remembered = (database: Database) =>
  keptOp((row: Table) =>
    database
      .tables<RelayTables>()
      .insertInto('relay_conversations')
      .values({
        tenant: row.tenant,
        instance_id: row.instance_id,
        platform: row.platform,
        bot_id: row.bot_id,
        chat_id: row.chat_id,
        user_id: row.user_id,
        chat_type: row.chat_type,
        chat_name: row.chat_name,
        scope_id: row.scope_id,
        thread_id: row.thread_id,
        session_key: row.session_key,
        last_seen_at: row.last_seen_at,
      })
      .onConflict((conflict) =>
        conflict.columns(['tenant', 'instance_id', 'platform', 'bot_id', 'chat_id', 'user_id']).doUpdateSet({
          chat_type: sql`excluded.chat_type`,
          chat_name: sql`excluded.chat_name`,
          scope_id: sql`excluded.scope_id`,
          thread_id: sql`excluded.thread_id`,
          session_key: sql`excluded.session_key`,
          last_seen_at: sql`excluded.last_seen_at`,
        }),
      ),
  )

const routed = (database: Database) =>
  keptOp((row: RelayTables['relay_session_routes']) =>
    database
      .tables<RelayTables>()
      .insertInto('relay_session_routes')
      .values({
        tenant: row.tenant,
        session_key: row.session_key,
        instance_id: row.instance_id,
        chat_id: row.chat_id,
        last_seen_at: row.last_seen_at,
      })
      .onConflict((conflict) =>
        conflict.columns(['tenant', 'session_key']).doUpdateSet({
          instance_id: sql`excluded.instance_id`,
          chat_id: sql`excluded.chat_id`,
          last_seen_at: sql`excluded.last_seen_at`,
        }),
      ),
  )

const toConversation = (row: ConversationRow): Table => ({
  ...toKey(row),
  ...toBotKey(row),
  chat_id: toName(row.chatId),
  user_id: toName(row.userId),
  chat_type: toName(row.chatType),
  chat_name: toNameOrNull(row.chatName),
  scope_id: toNameOrNull(row.scopeId),
  thread_id: toNameOrNull(row.threadId),
  session_key: toName(row.sessionKey),
  last_seen_at: row.lastSeenAt,
})

const fromConversation = (row: Selectable<Table>): ConversationRow => ({
  ...fromKey(row),
  ...fromBotKey(row),
  chatId: fromName(row.chat_id),
  userId: fromName(row.user_id),
  chatType: fromName(row.chat_type),
  chatName: fromNameOrNull(row.chat_name),
  scopeId: fromNameOrNull(row.scope_id),
  threadId: fromNameOrNull(row.thread_id),
  sessionKey: fromName(row.session_key),
  lastSeenAt: Number(row.last_seen_at),
})

const fromRoute = (row: Selectable<RelayTables['relay_session_routes']>): SessionRouteRow => ({
  tenant: fromName(row.tenant),
  sessionKey: fromName(row.session_key),
  instanceId: fromName(row.instance_id),
  chatId: fromName(row.chat_id),
  lastSeenAt: Number(row.last_seen_at),
})
