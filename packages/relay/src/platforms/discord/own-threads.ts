const maxThreads = 5_000

/** Threads that this bot has made, with the names that it gave them. Of more than some thousands the oldest are forgotten. */
export class OwnThreads {
  readonly #names = new Map<string, string>()

  named(id: string, name: string): void {
    this.#names.delete(id)
    this.#names.set(id, name)
    for (const oldest of this.#names.keys()) {
      if (this.#names.size <= maxThreads) break
      this.#names.delete(oldest)
    }
  }

  /** Undefined for threads that are not known as the bot's. */
  nameOf(id: string): string | undefined {
    return this.#names.get(id)
  }
}
