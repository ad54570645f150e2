import type { Clock } from '../time/clock.js'
import { secondsLeft } from '../time/countdown.js'

/** When a session ends. It slides: whatever the agent does gives it its full time again. */
export class Deadline {
  readonly #clock: Clock
  #ttlMs = 0
  #atMs = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** The server said how many seconds are left; a session never has more than its full time. */
  set(seconds: number): void {
    this.#ttlMs = Math.max(this.#ttlMs, seconds * 1000)
    this.#atMs = this.#clock.now() + seconds * 1000
  }

  /** The session was used. */
  touch(): void {
    this.#atMs = this.#clock.now() + this.#ttlMs
  }

  /** Forgets a session that is over. */
  clear(): void {
    this.#ttlMs = 0
    this.#atMs = 0
  }

  get seconds(): number {
    return secondsLeft(this.#atMs, this.#clock.now())
  }
}
