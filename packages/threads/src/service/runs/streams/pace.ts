import type { Clock, Stop } from '@parley/kernel/ids'

/** Acts at most once in a while: at once after a quiet time, else when the time has passed. */
export class Pace {
  readonly #clock: Clock
  readonly #everyMs: number
  readonly #act: () => void
  /** Set while it is too early to act again. */
  #stopTimer: Stop | undefined
  #isDue = false

  constructor({ clock, everyMs, act }: { clock: Clock; everyMs: number; act(): void }) {
    this.#clock = clock
    this.#everyMs = everyMs
    this.#act = act
  }

  /** Acts as soon as it may. Several calls meanwhile are one. */
  soon(): void {
    if (this.#stopTimer) this.#isDue = true
    else this.now()
  }

  /** Acts whatever the time. */
  now(): void {
    this.stop()
    this.#stopTimer = this.#clock.after(this.#everyMs, () => {
      this.#stopTimer = undefined
      if (this.#isDue) this.now()
    })
    this.#act()
  }

  /** Forgets what is due. */
  stop(): void {
    this.#stopTimer?.()
    this.#stopTimer = undefined
    this.#isDue = false
  }
}
