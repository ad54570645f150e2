// Sockets that are open while nobody delivers to their instance: another node has died without a word, or its word was lost.

import type { InstanceKey, InstanceRow } from '../../store/port.js'
import type { RelayDeps } from '../deps.js'
import type { Acks } from './acks.js'
import type { Heirs } from './heirs.js'
import { nameOf } from './names.js'
import type { Seats } from './seats.js'
import { isFree } from './takeover.js'

export type SuccessionParts = {
  deps: RelayDeps
  seats: Seats
  heirs: Heirs
  acks: Acks
  stopping: AbortSignal
}

const keysAtOnce = 500

export class Succession {
  readonly #parts: SuccessionParts

  constructor(parts: SuccessionParts) {
    this.#parts = parts
  }

  /** Holds these instances of sockets here against the store. Resolves when those that nobody has are delivered to. */
  async look(keys: readonly InstanceKey[]): Promise<void> {
    const { deps } = this.#parts
    const each = [...new Map(keys.map((key) => [nameOf(key), key])).values()]
    for (let from = 0; from < each.length; from += keysAtOnce) {
      const rows = await deps.store.instances.findMany(each.slice(from, from + keysAtOnce))
      await Promise.all(rows.map((row) => this.#mend(row)))
    }
  }

  async #mend(row: InstanceRow): Promise<void> {
    const { deps, seats, heirs, acks, stopping } = this.#parts
    // Whoever took it over may have said so to nobody, and be gone.
    seats.find(row)?.surpassed(row.epoch)
    const heir = heirs.of(row)
    if (!heir || seats.find(row)?.holder || !isFree(deps, row)) return
    await acks.settled(heir)
    if (stopping.aborted || heirs.of(row) !== heir) return
    await seats.of(row).inherit(heir)
    seats.prune(row)
  }
}
