import type { Clock } from '../ids/index.js'

/** Wakes one sleeper early. A ring while nobody sleeps is kept for the next sleep. */
export class Alarm {
  #isRinging = false
  #wake: (() => void) | undefined

  ring(): void {
    this.#isRinging = true
    this.#wake?.()
  }

  /** Resolves after `ms`, when the alarm rings or when the signal aborts; true when it rang. */
  async sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<boolean> {
    if (!this.#isRinging && !signal?.aborted) await this.#pause(clock, ms, signal)
    const rang = this.#isRinging
    this.#isRinging = false
    return rang
  }

  #pause(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        stopTimer()
        signal?.removeEventListener('abort', wake)
        this.#wake = undefined
        resolve()
      }
      const stopTimer = clock.after(ms, wake)
      signal?.addEventListener('abort', wake, { once: true })
      this.#wake = wake
    })
  }
}
