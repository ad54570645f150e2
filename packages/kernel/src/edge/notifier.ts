import type { Stop } from '../ids/index.js'

/** Tells listeners that something changed: once for everything that changes in one turn. */
export class Notifier {
  readonly #listeners = new Set<() => void>()
  #isPlanned = false

  changed(): void {
    if (this.#isPlanned) return
    this.#isPlanned = true
    queueMicrotask(() => {
      this.#isPlanned = false
      this.#tell()
    })
  }

  /** The same listener may be added more than once; each is told. */
  subscribe(listener: () => void): Stop {
    const own = () => listener()
    this.#listeners.add(own)
    return () => this.#listeners.delete(own)
  }

  #tell(): void {
    // A copy: listeners come and go while others are called.
    for (const listener of Array.from(this.#listeners)) {
      try {
        listener()
      } catch {
        // A page's listener is not ours to repair, and must not stop the others.
      }
    }
  }
}
