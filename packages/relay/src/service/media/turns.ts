type Waiting = { tenant: string; begin(): void }

/**
 * Lets few work at the same time, and one tenant only a part of them, so that a tenant whose sources are slow does not keep the others
 * from theirs. Who waits is bounded by who may ask.
 */
export class Turns {
  readonly #all: number
  readonly #each: number
  readonly #waiting = new Set<Waiting>()
  readonly #working = new Map<string, number>()
  #count = 0

  constructor({ all, each }: { all: number; each: number }) {
    this.#all = all
    this.#each = each
  }

  /** Works when it is its turn. Rejects with the signal's reason when that comes first. */
  async take<T>(tenant: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    signal.throwIfAborted()
    await this.#turn(tenant, signal)
    try {
      return await work()
    } finally {
      this.#leave(tenant)
    }
  }

  #turn(tenant: string, signal: AbortSignal): Promise<void> {
    if (this.#hasRoom(tenant)) {
      this.#enter(tenant)
      return Promise.resolve()
    }
    return new Promise((resolve, reject) => {
      const giveUp = () => {
        this.#waiting.delete(waiting)
        reject(signal.reason)
      }
      const begin = () => {
        signal.removeEventListener('abort', giveUp)
        resolve()
      }
      const waiting = { tenant, begin }
      signal.addEventListener('abort', giveUp, { once: true })
      this.#waiting.add(waiting)
    })
  }

  #hasRoom(tenant: string): boolean {
    return this.#count < this.#all && (this.#working.get(tenant) ?? 0) < this.#each
  }

  #enter(tenant: string): void {
    this.#count += 1
    this.#working.set(tenant, (this.#working.get(tenant) ?? 0) + 1)
  }

  #leave(tenant: string): void {
    this.#count -= 1
    const rest = (this.#working.get(tenant) ?? 1) - 1
    if (rest > 0) this.#working.set(tenant, rest)
    else this.#working.delete(tenant)
    for (const waiting of this.#waiting) {
      if (!this.#hasRoom(waiting.tenant)) continue
      this.#waiting.delete(waiting)
      this.#enter(waiting.tenant)
      waiting.begin()
    }
  }
}
