import type { Clock } from '@parley/kernel/ids'

/** Wakes whoever waits for something to change on this node. */
export class Changes {
  readonly #clock: Clock
  readonly #waiting = new Set<() => void>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  tell(): void {
    for (const wake of this.#waiting) wake()
  }

  /** Resolves at the next change, at the latest after `ms`: other nodes tell nothing. Rejects with the signal's reason. */
  next(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const done = (then: () => void) => {
        this.#waiting.delete(wake)
        stop()
        signal?.removeEventListener('abort', onAbort)
        then()
      }
      const wake = () => done(resolve)
      const onAbort = () => done(() => reject(signal?.reason))
      const stop = this.#clock.after(ms, wake)
      this.#waiting.add(wake)
      signal?.addEventListener('abort', onAbort, { once: true })
    })
  }
}
