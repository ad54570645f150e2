import type { Clock, Stop } from '@parley/kernel/ids'

/** The time limit of a run. It stands still while somebody holds it: a person who is asked may take their time. */
export class RunClock {
  readonly #clock: Clock
  readonly #onOver: () => void
  #leftMs: number
  #holders = 0
  #since = 0
  #stopTimer: Stop = () => {}

  /** Calls `onOver` once, after `limitMs` that nobody held it. */
  constructor(clock: Clock, limitMs: number, onOver: () => void) {
    this.#clock = clock
    this.#onOver = onOver
    this.#leftMs = limitMs
    this.#go()
  }

  /** Stands still until the answered function is called, and until everybody else who holds it has let go. */
  hold(): Stop {
    this.#holders += 1
    if (this.#holders === 1) this.#halt()
    let isHeld = true
    return () => {
      if (!isHeld) return
      isHeld = false
      this.#holders -= 1
      if (this.#holders === 0) this.#go()
    }
  }

  /** Ends it for good. */
  stop(): void {
    // One who holds it for ever, so that nobody's letting go starts it again.
    this.hold()
  }

  #go(): void {
    this.#since = this.#clock.now()
    this.#stopTimer = this.#clock.after(this.#leftMs, this.#onOver)
  }

  #halt(): void {
    this.#stopTimer()
    this.#leftMs = Math.max(0, this.#leftMs - (this.#clock.now() - this.#since))
  }
}
