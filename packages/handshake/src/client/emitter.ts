import type { Stop } from './edge.js'

type Listener = (event: never) => void

/** Hands events to listeners by type. What a listener throws is swallowed, so that it can't stop the others. */
export class Emitter<Events extends Record<string, unknown>> {
  readonly #listeners = new Map<keyof Events, Set<Listener>>()

  on<T extends keyof Events>(type: T, listener: (event: Events[T]) => void): Stop {
    const set = this.#listeners.get(type) ?? new Set()
    this.#listeners.set(type, set.add(listener))
    return () => set.delete(listener)
  }

  emit<T extends keyof Events>(type: T, event: Events[T]): void {
    // A copy: listeners come and go while others are called.
    for (const listener of Array.from(this.#listeners.get(type) ?? [])) {
      try {
        // `on` accepts for a type only listeners of its events.
        ;(listener as (event: Events[T]) => void)(event)
      } catch {
        // A page's listener is not ours to repair.
      }
    }
  }
}
