/** Runs jobs one after the other, in the order they came. A job that fails does not stop the next. */
export class InOrder {
  readonly #onFault: (error: unknown) => void
  #tail: Promise<void> = Promise.resolve()
  #waiting = 0

  constructor(onFault: (error: unknown) => void) {
    this.#onFault = onFault
  }

  /** Jobs that are not done. */
  get waiting(): number {
    return this.#waiting
  }

  /** Resolves when the job is done, also when it failed. */
  run(job: () => Promise<void> | void): Promise<void> {
    this.#waiting += 1
    this.#tail = this.#tail
      .then(job)
      .catch((error: unknown) => this.#onFault(error))
      .finally(() => {
        this.#waiting -= 1
      })
    return this.#tail
  }
}
