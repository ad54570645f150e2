import type { Stop, Timers } from '../edge.js'

/**
 * Paces the reports of a person who types: the first change is reported at once, so that the field is locked
 * early; what follows is reported when the typing rests, and at least when the control is left.
 */
export class Typing {
  readonly #bursts = new Map<string, { stop: Stop; isBehind: boolean }>()
  readonly #restMs: number
  readonly #timers: Timers
  readonly #report: (key: string) => void

  constructor(restMs: number, timers: Timers, report: (key: string) => void) {
    this.#restMs = restMs
    this.#timers = timers
    this.#report = report
  }

  /** A change in a control. */
  touch(key: string): void {
    const burst = this.#bursts.get(key)
    burst?.stop()
    this.#bursts.set(key, {
      stop: this.#timers.after(this.#restMs, () => this.flush(key)),
      isBehind: !!burst,
    })
    if (!burst) this.#report(key)
  }

  /** Reports at once what is behind, if anything. */
  flush(key: string): void {
    const burst = this.#bursts.get(key)
    if (!burst) return
    burst.stop()
    this.#bursts.delete(key)
    if (burst.isBehind) this.#report(key)
  }

  /** Keys whose newest change was not reported yet. */
  get behind(): string[] {
    return Array.from(this.#bursts).flatMap(([key, { isBehind }]) => (isBehind ? [key] : []))
  }

  /** Reports everything that is behind. */
  flushAll(): void {
    for (const key of Array.from(this.#bursts.keys())) this.flush(key)
  }
}
