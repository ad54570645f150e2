import type { Clock } from '@parley/kernel/ids'
import type { BotIdentity } from '../../protocol/index.js'
import type { TelegramApi } from './api.js'
import type { Topics } from './topics.js'

/** One Telegram bot, as its parts share it. */
export type Telegram = TelegramApi & {
  identity: BotIdentity
  clock: Clock
  topics: Topics
  /** What Telegram says it is called; asked once. Rejects when Telegram can't be asked. */
  username(): Promise<string>
  onFault(error: unknown, where: string): void
}
