import type { Clock, Stop } from '@parley/kernel/ids'
import { type SlidingLog, slidingLog } from '@parley/kernel/limits'

/** So often at once, and no more in this time. */
const [most, windowMs] = [10, 5_000]

/**
 * Acts when the turn of the event loop is over, once for all calls of the turn. WHY: what it does goes to everybody in a
 * room, and one client that comes and goes as fast as it can must not set the pace: after ten times in 5 s it waits.
 */
export class Bursts {
  readonly #clock: Clock
  readonly #act: () => void
  readonly #log: SlidingLog
  #isDue = false
  #isOver = false
  #stopTimer: Stop | undefined

  constructor(clock: Clock, act: () => void) {
    this.#clock = clock
    this.#act = act
    this.#log = slidingLog({ clock, limit: most, windowMs })
  }

  soon(): void {
    if (this.#isDue || this.#isOver) return
    this.#isDue = true
    setImmediate(() => this.#try())
  }

  /** Forgets what is due; nothing is done any more. */
  stop(): void {
    this.#isOver = true
    this.#stopTimer?.()
  }

  #try(): void {
    if (this.#isOver) return
    const verdict = this.#log.take('')
    if (verdict.ok) {
      this.#isDue = false
      this.#act()
    } else this.#stopTimer = this.#clock.after(verdict.retryAfter * 1_000, () => this.#try())
  }
}
