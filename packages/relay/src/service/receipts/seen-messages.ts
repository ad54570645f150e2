import type { BotIdentity } from '../../protocol/index.js'

/** The bot's own messages that platforms told of lately; at most `most`. */
export class SeenMessages {
  readonly #names = new Set<string>()
  readonly #most: number

  constructor(most = 2_000) {
    this.#most = most
  }

  add(bot: BotIdentity, chatId: string, messageId: string): void {
    this.#names.add(nameOf(bot, chatId, messageId))
    if (this.#names.size <= this.#most) return
    const [oldest] = this.#names
    if (oldest !== undefined) this.#names.delete(oldest)
  }

  has(bot: BotIdentity, chatId: string, messageId: string): boolean {
    return this.#names.has(nameOf(bot, chatId, messageId))
  }
}

const nameOf = ({ platform, botId }: BotIdentity, chatId: string, messageId: string): string =>
  JSON.stringify([platform, botId, chatId, messageId])
