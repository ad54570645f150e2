import type { InstanceKey } from '../../store/port.js'
import type { RelayDeps } from '../deps.js'
import { nameOf, toKey } from './names.js'
import { Seat } from './seat.js'
import type { Taken } from './takeover.js'

/** The instances whose sockets are on this node. */
export class Seats {
  readonly #seats = new Map<string, Seat>()
  readonly #parts: { deps: RelayDeps; stopping: AbortSignal; taken(taken: Taken): void }

  constructor(parts: { deps: RelayDeps; stopping: AbortSignal; taken(taken: Taken): void }) {
    this.#parts = parts
  }

  find(key: InstanceKey): Seat | undefined {
    return this.#seats.get(nameOf(key))
  }

  of(key: InstanceKey): Seat {
    const known = this.find(key)
    if (known) return known
    const seat = new Seat({ ...this.#parts, key: toKey(key) })
    this.#seats.set(nameOf(key), seat)
    return seat
  }

  /** Forgets it when nothing is known of it. */
  prune(key: InstanceKey): void {
    if (this.find(key)?.isEmpty) this.#seats.delete(nameOf(key))
  }

  /** True when this node delivers to anybody. */
  get isAny(): boolean {
    return this.#seats.size > 0
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#seats.values()].map((seat) => seat.stop()))
    this.#seats.clear()
  }
}
