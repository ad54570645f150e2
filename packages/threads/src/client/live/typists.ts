import { fromIsoTime, type Typing } from '../../protocol/index.js'
import type { Stop, Timers } from '../edge.js'

const longestMs = 15_000
const usualMs = 6_000

/** Who types now. */
export class Typists {
  readonly #timers: Timers
  readonly #changed: () => void
  readonly #stops = new Map<string, Stop>()
  #value: readonly string[] = []

  constructor(timers: Timers, changed: () => void) {
    this.#timers = timers
    this.#changed = changed
  }

  /** Ids in the order they began; the same array until something changes. */
  get value(): readonly string[] {
    return this.#value
  }

  take({ identity_id, until }: Typing): void {
    this.#stops.get(identity_id)?.()
    this.#stops.set(
      identity_id,
      this.#timers.after(this.#timeLeft(until), () => this.forget(identity_id)),
    )
    if (!this.#value.includes(identity_id)) this.#update()
  }

  forget(identityId: string): void {
    this.#stops.get(identityId)?.()
    if (this.#stops.delete(identityId)) this.#update()
  }

  clear(): void {
    for (const id of this.#stops.keys()) this.forget(id)
  }

  // OUTSIDE: `until` is the server's time. Where that makes no sense, this machine's clock is wrong.
  #timeLeft(until: string): number {
    const left = (fromIsoTime(until) ?? 0) / 1000 - this.#timers.now()
    return left > 0 && left <= longestMs ? left : usualMs
  }

  #update(): void {
    this.#value = [...this.#stops.keys()]
    this.#changed()
  }
}
