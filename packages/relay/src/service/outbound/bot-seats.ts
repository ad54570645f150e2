import type { Clock, Stop } from '@parley/kernel/ids'
import { type Rate, RateWindow } from './rate-window.js'

type Waiter = { isFinal: boolean; seated(): void }

/** Seats of a whole bot, over all its chats: final answers first, then as they came. At most one waits for each chat. */
export class BotSeats {
  readonly #clock: Clock
  readonly #window: RateWindow
  #waiters: Waiter[] = []
  #timer: Stop | undefined

  constructor(clock: Clock, rate: Rate) {
    this.#clock = clock
    this.#window = new RateWindow(clock, rate)
  }

  set rate(rate: Rate) {
    this.#window.rate = rate
  }

  isFull(isFinal: boolean): boolean {
    return this.#isBehind(isFinal) || this.#window.waitMs(isFinal) > 0
  }

  /** Resolves with a seat. Rejects with the signal's reason. */
  async take(isFinal: boolean, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    if (!this.isFull(isFinal)) return this.#window.take()
    await new Promise<void>((resolve, reject) => {
      const leave = () => {
        this.#waiters = this.#waiters.filter((one) => one !== waiter)
        reject(signal.reason)
      }
      const seated = () => {
        signal.removeEventListener('abort', leave)
        resolve()
      }
      const waiter = { isFinal, seated }
      signal.addEventListener('abort', leave, { once: true })
      this.#waiters.push(waiter)
      this.#seat()
    })
  }

  #isBehind(isFinal: boolean): boolean {
    return this.#waiters.some((one) => one.isFinal || !isFinal)
  }

  /** Seats whom there is room for, and comes back when there is more. */
  #seat(): void {
    this.#timer?.()
    this.#timer = undefined
    for (let next = this.#next(); next; next = this.#next()) {
      const waitMs = this.#window.waitMs(next.isFinal)
      if (waitMs > 0) {
        this.#timer = this.#clock.after(waitMs, () => this.#seat())
        return
      }
      this.#waiters = this.#waiters.filter((one) => one !== next)
      this.#window.take()
      next.seated()
    }
  }

  #next(): Waiter | undefined {
    return this.#waiters.find((one) => one.isFinal) ?? this.#waiters[0]
  }
}
