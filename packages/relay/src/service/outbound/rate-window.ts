import type { Clock } from '@parley/kernel/ids'

/** `calls` in any `perMs` milliseconds. */
export type Rate = { calls: number; perMs: number }

/** Calls of the last moments, against a platform's rate. The last seat of a window is kept for final answers. */
export class RateWindow {
  /** May change when its bot was opened anew. */
  rate: Rate
  readonly #clock: Clock
  readonly #times: number[] = []

  constructor(clock: Clock, rate: Rate) {
    this.#clock = clock
    this.rate = rate
  }

  /** Milliseconds until there is room; 0: now. */
  waitMs(isFinal: boolean): number {
    this.#forget()
    const { calls, perMs } = this.rate
    // A platform with one call at a time has no seat to keep.
    const seats = Math.max(1, isFinal ? calls : calls - 1)
    const blocking = this.#times[this.#times.length - seats]
    return blocking === undefined ? 0 : blocking + perMs - this.#clock.now()
  }

  take(): void {
    this.#times.push(this.#clock.now())
  }

  /** True when nothing of it counts any more. */
  get isEmpty(): boolean {
    this.#forget()
    return this.#times.length === 0
  }

  #forget(): void {
    const before = this.#clock.now() - this.rate.perMs
    let old = 0
    while (old < this.#times.length && this.#times[old]! <= before) old += 1
    if (old > 0) this.#times.splice(0, old)
  }
}
