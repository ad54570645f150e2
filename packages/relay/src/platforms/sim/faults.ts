import type { Ids } from '@parley/kernel/ids'
import { relayErrors } from '../../errors.js'
import type { SimFaults } from '../sim-port.js'
import type { SimEvent } from './events.js'

const none: SimFaults = {
  outage: false,
  ambiguousShare: 0,
  duplicateShare: 0,
  reorderShare: 0,
  callsPerSecond: 0,
}

/** What goes wrong on purpose now. Chance comes from `ids`: the same ids, the same faults. */
export class Faults {
  readonly #ids: Ids
  readonly #node: string
  #current = none
  #turn = 0

  constructor(ids: Ids) {
    this.#ids = ids
    this.#node = ids.hex(8)
  }

  get current(): SimFaults {
    return this.#current
  }

  /** Makes a change here at once, and answers the event that makes it everywhere. */
  change(change: Partial<SimFaults>): SimEvent {
    const faults = { ...this.#current, ...change }
    assertFaults(faults)
    this.#current = faults
    this.#turn += 1
    return { type: 'sim.faults.set', faults, by: this.#node, turn: this.#turn }
  }

  heard(event: SimEvent): void {
    if (event.type !== 'sim.faults.set') return
    // An older change of this node: what followed is true here already.
    if (event.by === this.#node && event.turn < this.#turn) return
    this.#current = event.faults
  }

  /** True for that share of the calls. Draws nothing for a share of 0. */
  happens(share: number): boolean {
    return share > 0 && Number.parseInt(this.#ids.hex(4), 16) / 0x1_0000_0000 < share
  }
}

function assertFaults(faults: SimFaults): void {
  for (const name of ['ambiguousShare', 'duplicateShare', 'reorderShare'] as const) {
    if (!(faults[name] >= 0 && faults[name] <= 1))
      throw relayErrors.invalidRequest({ message: `${name} must be a number from 0 to 1` })
  }
  if (!(faults.callsPerSecond >= 0 && faults.callsPerSecond <= 1_000_000))
    throw relayErrors.invalidRequest({ message: 'callsPerSecond must be a number from 0 to 1000000' })
  if (typeof faults.outage !== 'boolean')
    throw relayErrors.invalidRequest({ message: 'outage must be true or false' })
}
