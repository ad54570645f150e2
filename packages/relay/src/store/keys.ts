import type { BotIdentity } from '../protocol/index.js'
import { fromName, toName } from './columns.js'
import type { InstanceKey } from './port.js'

// The two keys that most tables begin with, in their columns' words.

export const toKey = (key: InstanceKey) => ({
  tenant: toName(key.tenant),
  instance_id: toName(key.instanceId),
})

export const fromKey = (row: { tenant: string; instance_id: string }): InstanceKey => ({
  tenant: fromName(row.tenant),
  instanceId: fromName(row.instance_id),
})

export const toBotKey = (bot: BotIdentity) => ({ platform: toName(bot.platform), bot_id: toName(bot.botId) })

export const fromBotKey = (row: { platform: string; bot_id: string }): BotIdentity => ({
  platform: fromName(row.platform),
  botId: fromName(row.bot_id),
})
