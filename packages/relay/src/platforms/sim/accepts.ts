import { relayErrors } from '../../errors.js'
import { deferred } from './deferred.js'
import type { SimEvent } from './events.js'
import type { WorldFeed } from './feed.js'

type Waiter = { resolve(): void; reject(error: unknown): void }

/** Who waits until the connector has accepted an update, on whichever node it does. */
export class Accepts {
  readonly #feed: WorldFeed
  readonly #waiters = new Map<string, Waiter>()

  constructor(feed: WorldFeed) {
    this.#feed = feed
    feed.listen({ event: (event) => this.#heard(event) })
  }

  /** Commits the events that make an update, and resolves when it was accepted. */
  async commit(updateId: string, events: readonly SimEvent[]): Promise<void> {
    const { promise, resolve, reject } = deferred()
    this.#waiters.set(updateId, { resolve, reject })
    try {
      await this.#feed.commit(events)
      await promise
    } finally {
      this.#waiters.delete(updateId)
    }
  }

  stop(): void {
    for (const { reject } of this.#waiters.values())
      reject(relayErrors.unavailable({ message: 'the simulated platform was stopped' }))
  }

  #heard(event: SimEvent): void {
    if (event.type === 'sim.update.accepted') this.#waiters.get(event.updateId)?.resolve()
  }
}
