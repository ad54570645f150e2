const mostTopics = 1_000

/**
 * Topics that this bot has made or renamed and that nobody else has renamed since. Telegram tells nobody the name of a topic, so what
 * is not known here is not this connector's: after a restart, nothing is.
 */
export class Topics {
  readonly #own = new Set<string>()

  made(chatId: string, threadId: string): void {
    this.#own.add(`${chatId}/${threadId}`)
    const [oldest] = this.#own
    if (this.#own.size > mostTopics && oldest !== undefined) this.#own.delete(oldest)
  }

  renamedByOthers(chatId: string, threadId: string): void {
    this.#own.delete(`${chatId}/${threadId}`)
  }

  isOwn(chatId: string, threadId: string): boolean {
    return this.#own.has(`${chatId}/${threadId}`)
  }
}
