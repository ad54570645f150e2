// Who takes one instance's events on this node. What is wanted may change at any time; one loop makes the store agree with it.

import type { InstanceKey } from '../../store/port.js'
import type { GatewayLink, RelayDeps } from '../deps.js'
import { Pump } from './pump.js'
import { type Away, giveBack, type Taken, takeOver } from './takeover.js'

export type SeatOptions = {
  deps: RelayDeps
  key: InstanceKey
  /** Everything ends with it. */
  stopping: AbortSignal
  taken(taken: Taken): void
}

const pauseMs = { first: 250, most: 5_000 }

export class Seat {
  readonly #options: SeatOptions
  /** Who is to have the events: the socket of the latest handshake. */
  #holder: GatewayLink | undefined
  /** The holder's handshake is not the latest one: whoever has the events keeps them. */
  #isHeir = false
  /** What the store is to say when nobody is to have them. */
  #away: Away = 'vacant'
  #pump: Pump | undefined
  #work: Promise<void> | undefined
  #isChanged = false

  constructor(options: SeatOptions) {
    this.#options = options
  }

  get holder(): GatewayLink | undefined {
    return this.#holder
  }

  /** Nothing is known of it here. */
  get isEmpty(): boolean {
    return !this.#holder && !this.#pump && !this.#work
  }

  /** Under which epoch this node delivers; undefined while it does not. */
  get epoch(): number | undefined {
    return this.#pump?.epoch
  }

  /** Position of the last entry that was sent; undefined while this node does not deliver. */
  get position(): number | undefined {
    return this.#pump?.position
  }

  /** Resolves when it delivers to this socket, or to a later one. */
  hold(link: GatewayLink): Promise<void> {
    return this.#want(link)
  }

  /** The same for an older socket, where nobody delivers: neither this node to another socket nor another node. */
  async inherit(link: GatewayLink): Promise<void> {
    if (!this.#holder) await this.#want(link, { isHeir: true })
  }

  /** The socket is lost; `heir` takes its place. True when it was the holder. */
  async release(link: GatewayLink, heir?: GatewayLink): Promise<boolean> {
    if (this.#holder !== link) return false
    await this.#want(heir, { isHeir: heir !== undefined })
    return true
  }

  /** Nothing is sent from now on; resolves when the store says so too. */
  idle(): Promise<void> {
    return this.#want(undefined, { away: 'idle' })
  }

  /** Another node has a higher epoch. */
  surpassed(epoch: number): void {
    if (this.#pump && this.#pump.epoch < epoch) this.#lost(this.#pump)
  }

  acknowledged(bufferId: string): void {
    this.#pump?.acknowledged(bufferId)
  }

  /** Resolves when nothing is under way. */
  async stop(): Promise<void> {
    this.#pump?.stop()
    this.#holder = undefined
    await this.#work
  }

  #want(
    holder: GatewayLink | undefined,
    { isHeir = false, away = 'vacant' }: { isHeir?: boolean; away?: Away } = {},
  ): Promise<void> {
    this.#holder = holder
    this.#isHeir = isHeir
    this.#away = away
    if (this.#pump && this.#pump.link !== holder) this.#end(this.#pump)
    this.#isChanged = true
    this.#work ??= this.#workOff()
    return this.#work
  }

  async #workOff(): Promise<void> {
    const { deps, stopping } = this.#options
    let pause = pauseMs.first
    while (this.#isChanged && !stopping.aborted) {
      this.#isChanged = false
      try {
        if (!(await this.#agree())) this.#isChanged = true
      } catch (error) {
        deps.onFault(error, 'relay.deliveries')
        this.#isChanged = true
        // Rejects when everything stops meanwhile.
        await deps.ground.clock.sleep(pause, stopping).catch(() => {})
        pause = Math.min(pause * 2, pauseMs.most)
      }
    }
    // In the same turn as the look at what is wanted: a change after it begins anew.
    this.#work = undefined
  }

  /** False when it has to be tried again. */
  async #agree(): Promise<boolean> {
    const { deps, key } = this.#options
    const holder = this.#holder
    if (!holder) return await giveBack(deps, key, this.#away)
    if (this.#pump?.link === holder) return true
    const taken = await takeOver(deps, holder, { isHeir: this.#isHeir })
    if (taken === 'held') {
      if (this.#holder === holder) this.#holder = undefined
      return true
    }
    // One that is not open any more is released by whoever sees it close.
    if (!taken) return !holder.isOpen
    if (this.#holder === holder) this.#begin(holder, taken)
    this.#options.taken(taken)
    return true
  }

  #begin(link: GatewayLink, { row, acks, hasBacklog }: Taken): void {
    const { deps, stopping } = this.#options
    if (stopping.aborted) return
    const pump = new Pump({ deps, link, row, acks, hasBacklog, lost: () => this.#lost(pump) })
    this.#pump = pump
    pump.start()
  }

  /** It belongs to somebody else now; this socket stays open for what it sends. */
  #lost(pump: Pump): void {
    this.#end(pump)
    if (this.#holder === pump.link) this.#holder = undefined
  }

  #end(pump: Pump): void {
    pump.stop()
    if (this.#pump === pump) this.#pump = undefined
  }
}
