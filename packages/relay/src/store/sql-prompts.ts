import { type Database, toOp } from '@parley/kernel/db'
import type { Selectable } from 'kysely'
import { fromName, fromNameOrNull, toName, toNameOrNull } from './columns.js'
import { keptRead } from './kept.js'
import { fromBotKey, fromKey, toBotKey, toKey } from './keys.js'
import type { PromptRow, PromptRows } from './port.js'
import type { RelayTables } from './tables.js'

type Table = RelayTables['relay_prompts']
type Chat = { platform: string; bot_id: string; chat_id: string; at: number }

export function promptStatements(database: Database): PromptRows {
  const db = database.tables<RelayTables>()
  const ofChat = (is: Chat) =>
    db
      .selectFrom('relay_prompts')
      .selectAll()
      .where('platform', '=', is.platform)
      .where('bot_id', '=', is.bot_id)
      .where('chat_id', '=', is.chat_id)
      .where('expires_at', '>', is.at)
      .orderBy('created_at', 'desc')
      .orderBy('prompt_id')
      .orderBy('tenant')
      .orderBy('instance_id')
  const pressed = keptRead(database, (is: Chat & { prompt_id: string }) =>
    ofChat(is).where('prompt_id', '=', is.prompt_id),
  )
  // Asked with every plain text.
  const open = keptRead(database, (is: Chat & { rung: string }) => ofChat(is).where('rung', '=', is.rung))
  return {
    insert: (row) => {
      const { platform, bot_id, chat_id, prompt_id, tenant, instance_id, ...rest } = toPrompt(row)
      return toOp(
        db
          .insertInto('relay_prompts')
          .values({ platform, bot_id, chat_id, prompt_id, tenant, instance_id, ...rest })
          .onConflict((conflict) =>
            conflict
              .columns(['platform', 'bot_id', 'chat_id', 'prompt_id', 'tenant', 'instance_id'])
              .doUpdateSet(rest),
          ),
      )
    },

    find: async (bot, chatId, promptId, at) => {
      const is = { ...toBotKey(bot), chat_id: toName(chatId), prompt_id: toName(promptId), at }
      return (await pressed(is)).map(fromPrompt)
    },

    openTexts: async (bot, chatId, at) =>
      (await open({ ...toBotKey(bot), chat_id: toName(chatId), at, rung: 'text' })).map(fromPrompt),

    remove: (row) => {
      const key = { ...toKey(row), ...toBotKey(row) }
      const { chatId, promptId } = row
      return toOp(
        db
          .deleteFrom('relay_prompts')
          .where((is) => is.and({ ...key, chat_id: toName(chatId), prompt_id: toName(promptId) })),
      )
    },

    purge: (before) => toOp(db.deleteFrom('relay_prompts').where('expires_at', '<', before)),
  }
}

const toPrompt = (row: PromptRow): Table => ({
  ...toKey(row),
  ...toBotKey(row),
  prompt_id: toName(row.promptId),
  chat_id: toName(row.chatId),
  message_id: toNameOrNull(row.messageId),
  options: JSON.stringify(row.options),
  rung: row.rung,
  created_at: row.createdAt,
  expires_at: row.expiresAt,
})

const fromPrompt = (row: Selectable<Table>): PromptRow => ({
  ...fromKey(row),
  ...fromBotKey(row),
  promptId: fromName(row.prompt_id),
  chatId: fromName(row.chat_id),
  messageId: fromNameOrNull(row.message_id),
  options: JSON.parse(row.options),
  // The cast: nothing but this store writes the column.
  rung: row.rung as PromptRow['rung'],
  createdAt: Number(row.created_at),
  expiresAt: Number(row.expires_at),
})
