/** Says how far the user has read: one request at a time, and only the newest mark of those that wait. */
export class ReadMarker {
  readonly #post: (seq: number) => Promise<void>
  #marked = 0
  #wanted = 0
  #running: Promise<void> | undefined

  constructor(post: (seq: number) => Promise<void>) {
    this.#post = post
  }

  /** Resolves when the server has this mark or a later one. Never goes back. */
  mark(seq: number): Promise<void> {
    if (seq <= this.#marked) return Promise.resolve()
    this.#wanted = Math.max(this.#wanted, seq)
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  async #run(): Promise<void> {
    try {
      while (this.#wanted > this.#marked) {
        const seq = this.#wanted
        await this.#post(seq)
        this.#marked = seq
      }
    } finally {
      this.#wanted = this.#marked
    }
  }
}
