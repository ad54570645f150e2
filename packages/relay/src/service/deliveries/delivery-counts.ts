import type { Stop } from '@parley/kernel/ids'
import type { InstanceKey } from '../../store/port.js'
import type { RelayDeps } from '../deps.js'

/** Most are acknowledged, and so forgotten, before that. */
const soonMs = 1_000

/** Counts what was sent and not acknowledged at once, many in one unit; nobody waits for it. */
export class DeliveryCounts {
  readonly #deps: RelayDeps
  readonly #key: InstanceKey
  #waiting = new Set<string>()
  #isBusy = false
  #stopTimer: Stop | undefined

  constructor(deps: RelayDeps, key: InstanceKey) {
    this.#deps = deps
    this.#key = key
  }

  add(bufferId: string): void {
    this.#waiting.add(bufferId)
    this.#stopTimer ??= this.#deps.ground.clock.after(soonMs, () => this.flush())
  }

  /** It is settled. */
  forget(bufferId: string): void {
    this.#waiting.delete(bufferId)
  }

  /** Counts now what waits. */
  flush(): void {
    this.#stopTimer?.()
    this.#stopTimer = undefined
    if (!this.#isBusy) void this.#write()
  }

  async #write(): Promise<void> {
    const { ground, store, onFault } = this.#deps
    this.#isBusy = true
    while (this.#waiting.size > 0) {
      const bufferIds = [...this.#waiting]
      this.#waiting = new Set()
      try {
        await ground.log.commit({ ops: [store.entries.delivered(this.#key, bufferIds)], appends: [] })
      } catch (error) {
        // An entry that is sent once more than counted harms nobody.
        onFault(error, 'relay.deliveries')
      }
    }
    this.#isBusy = false
  }
}
