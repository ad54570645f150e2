type Close = () => Promise<void>

/** What was opened, to be closed in the opposite order. */
export class Closers {
  readonly #closers: Close[] = []
  #closing: Promise<void> | undefined

  /** Remembers how to close what was just opened, and returns it. */
  add<T extends { close(): Promise<void> }>(opened: T): T {
    this.#closers.push(() => opened.close())
    return opened
  }

  /** Closes everything, also when one fails; rejects with the first failure. */
  close(): Promise<void> {
    this.#closing ??= this.#closeAll()
    return this.#closing
  }

  async #closeAll(): Promise<void> {
    const failures: unknown[] = []
    for (const close of this.#closers.reverse()) await close().catch((error) => failures.push(error))
    if (failures.length > 0) throw failures[0]
  }
}
