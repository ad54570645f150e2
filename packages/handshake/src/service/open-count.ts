import type { Clock } from '@parley/kernel/ids'
import type { HandshakeStore } from '../store/port.js'

/** How old the counted figure may get before it is counted again. */
const countEveryMs = 5_000

/** How many handshakes are open: counted now and then, and kept up in between. */
export class OpenCount {
  readonly #store: HandshakeStore
  readonly #clock: Clock
  #count = 0
  #countedAt = Number.NEGATIVE_INFINITY
  #counting: Promise<void> | undefined

  constructor(store: HandshakeStore, clock: Clock) {
    this.#store = store
    this.#clock = clock
  }

  /** Takes a place for one more; false when `limit` are open. */
  async take(limit: number): Promise<boolean> {
    if (this.#clock.now() - this.#countedAt >= countEveryMs) await this.#recount()
    if (this.#count >= limit) return false
    this.#count += 1
    return true
  }

  /** Callers of the same moment share one count, and all of them wait for it. */
  #recount(): Promise<void> {
    this.#counting ??= this.#read().finally(() => {
      this.#counting = undefined
    })
    return this.#counting
  }

  async #read(): Promise<void> {
    this.#count = await this.#store.countOpen(this.#clock.micros())
    this.#countedAt = this.#clock.now()
  }
}
