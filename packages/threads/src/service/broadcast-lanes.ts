/** Jobs of one key run one after the other, those of others beside them. */
export class Lanes {
  readonly #last = new Map<string, Promise<void>>()
  readonly #onFault: (error: unknown) => void

  constructor(onFault: (error: unknown) => void) {
    this.#onFault = onFault
  }

  run(key: string, job: () => Promise<void>): void {
    const done = (this.#last.get(key) ?? Promise.resolve()).then(job).catch(this.#onFault)
    this.#last.set(key, done)
    void done.then(() => {
      if (this.#last.get(key) === done) this.#last.delete(key)
    })
  }

  /** Resolves when no job is under way. */
  async idle(): Promise<void> {
    while (this.#last.size > 0) await Promise.all(this.#last.values())
  }
}
