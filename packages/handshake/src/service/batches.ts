import type { Op } from '@parley/kernel/db'
import type { Ground } from '@parley/kernel/ground'
import { handshakeErrors } from '../errors.js'

/** Batches that may wait for one handshake on one node. */
const maxWaiting = 100

/** Guard for everything a batch stores: refuses once the batch has lost its turn to another node. */
export type TurnGuard = () => Op

/**
 * Runs the batches of a handshake strictly one after the other, in order of arrival: by a queue on this
 * node, and with several nodes by a lease between them.
 */
export class Batches {
  readonly #ground: Ground
  readonly #pauses = new Set<() => void>()
  #isHurried = false
  readonly #tails = new Map<string, { tail: Promise<unknown>; waiting: number }>()

  constructor(ground: Ground) {
    this.#ground = ground
  }

  /**
   * Waits for the turn of this batch, then runs it; on one node alone there is nothing to guard. Throws
   * `handshake.rate_limited` when too many wait already.
   */
  async run<T>(id: string, batch: (guard?: TurnGuard) => Promise<T>): Promise<T> {
    const queue = this.#tails.get(id) ?? { tail: Promise.resolve(), waiting: 0 }
    if (queue.waiting >= maxWaiting) throw handshakeErrors.rateLimited({ retryAfter: 1 })
    queue.waiting += 1
    this.#tails.set(id, queue)
    const turn = queue.tail.then(() => this.#leased(id, batch))
    queue.tail = turn.catch(() => undefined)
    try {
      return await turn
    } finally {
      queue.waiting -= 1
      if (queue.waiting === 0) this.#tails.delete(id)
    }
  }

  async #leased<T>(id: string, batch: (guard?: TurnGuard) => Promise<T>): Promise<T> {
    if (this.#ground.db.exclusive) return batch()
    const lease = await this.#ground.leases.acquire(`handshake:${id}`)
    try {
      return await batch(() => lease.guard())
    } finally {
      await lease.release()
    }
  }

  /** Waits between two actions of a batch, unless the server is stopping. */
  pause(ms: number): Promise<void> {
    if (ms <= 0 || this.#isHurried) return Promise.resolve()
    return new Promise((resolve) => {
      const end = () => {
        stopTimer()
        this.#pauses.delete(end)
        resolve()
      }
      const stopTimer = this.#ground.clock.after(ms, end)
      this.#pauses.add(end)
    })
  }

  /** Lets all batches run to their end without further pauses; resolves when none runs or waits. */
  async finish(): Promise<void> {
    this.#isHurried = true
    for (const end of this.#pauses) end()
    await Promise.all(Array.from(this.#tails.values(), ({ tail }) => tail))
  }
}
