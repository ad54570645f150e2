import type { Stop } from '../ids/index.js'

/** A set of listeners of which none can disturb the others. */
export class Listeners<Args extends unknown[]> {
  readonly #listeners = new Set<{ call(...args: Args): void }>()
  readonly #onFault: (error: unknown) => void

  constructor(onFault: (error: unknown) => void) {
    this.#onFault = onFault
  }

  add(listener: (...args: Args) => void): Stop {
    const entry = { call: listener }
    this.#listeners.add(entry)
    return () => void this.#listeners.delete(entry)
  }

  tell(...args: Args): void {
    // A listener that is added meanwhile begins with the next message.
    const listeners = Array.from(this.#listeners)
    for (const listener of listeners) {
      try {
        listener.call(...args)
      } catch (error) {
        this.#onFault(error)
      }
    }
  }
}
