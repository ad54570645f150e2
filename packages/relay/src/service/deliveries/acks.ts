import type { GatewayLink, RelayDeps } from '../deps.js'
import { nameOf, toKey } from './names.js'
import type { Seats } from './seats.js'

const attempts = 5
const pauseMs = { first: 250, most: 4_000 }

/** Settles what gateways acknowledge: exactly that entry of their own instance (contract 7.2). */
export class Acks {
  readonly #deps: RelayDeps
  readonly #seats: Seats
  readonly #stopping: AbortSignal
  /** Sockets that have acknowledged before. */
  readonly #known = new WeakSet<GatewayLink>()
  /** Under way, by instance; none of it rejects. */
  readonly #open = new Map<string, Set<Promise<void>>>()

  constructor(deps: RelayDeps, seats: Seats, stopping: AbortSignal) {
    this.#deps = deps
    this.#seats = seats
    this.#stopping = stopping
  }

  /** Resolves when what its instance has acknowledged up to now is settled, on whichever of its sockets here. */
  async settled({ gateway }: GatewayLink): Promise<void> {
    const open = this.#open.get(nameOf(gateway))
    if (open) await Promise.all(open)
  }

  async take(link: GatewayLink, bufferId: string): Promise<void> {
    const name = nameOf(link.gateway)
    const open = this.#open.get(name) ?? new Set()
    this.#open.set(name, open)
    const work = this.#take(link, bufferId)
    open.add(work)
    await work
    open.delete(work)
    if (open.size === 0) this.#open.delete(name)
  }

  async #take(link: GatewayLink, bufferId: string): Promise<void> {
    const { tally, onFault } = this.#deps
    try {
      if (!(await this.#steadily(() => this.#settle(link, bufferId)))) tally.count('acks.unknown')
    } catch (error) {
      // It comes again on the next socket: at least once.
      onFault(error, 'relay.acks')
    }
    // Also what was not there any more is waited for no longer.
    this.#seats.find(link.gateway)?.acknowledged(bufferId)
  }

  /** False when there is no such entry. */
  async #settle(link: GatewayLink, bufferId: string): Promise<boolean> {
    const { ground, store } = this.#deps
    const key = toKey(link.gateway)
    if (!this.#known.has(link)) {
      await ground.log.commit({ ops: [store.instances.acked(key, ground.clock.micros())], appends: [] })
      this.#known.add(link)
    }
    const settle = { ...store.entries.settle(key, bufferId), atLeast: 1 }
    return (await ground.log.commit({ ops: [settle], appends: [] })).outcome === 'committed'
  }

  async #steadily<T>(work: () => Promise<T>): Promise<T> {
    for (let attempt = 1, pause = pauseMs.first; ; attempt++) {
      try {
        return await work()
      } catch (error) {
        if (attempt >= attempts || this.#stopping.aborted) throw error
        // Rejects when everything stops meanwhile: then this is the last attempt.
        await this.#deps.ground.clock.sleep(pause, this.#stopping).catch(() => {})
        pause = Math.min(pause * 2, pauseMs.most)
      }
    }
  }
}
