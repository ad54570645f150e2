import type { BotIdentity } from '../../protocol/index.js'

/** A bot's name in this process. Whatever a frame or an address claims has one. */
export const nameOf = ({ platform, botId }: BotIdentity): string => JSON.stringify([platform, botId])

/** A stored bot's name in names of leases, settings and sealed texts. */
export const botKey = ({ platform, botId }: BotIdentity): string =>
  `${encodeURIComponent(platform)}/${encodeURIComponent(botId)}`

/** Where a bot's credentials open. */
export const credentialContext = (bot: BotIdentity): string => `bot:${botKey(bot)}`

/** What the one that takes a bot's messages in holds. */
export const ingestLease = (bot: BotIdentity): string => `relay-bot:${botKey(bot)}`

/** Only a name for signals: nothing is ever appended to it. */
export const botsStream = 'relay-bots:all'
