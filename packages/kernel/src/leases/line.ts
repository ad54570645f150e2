import { kernelErrors } from '../errors/index.js'

type Waiter = { enter(): void; reject(reason: unknown): void }

const maxWaiters = 10_000

/** Lines of this process, one a name: whoever came first is served first. */
export class Line {
  readonly #lines = new Map<string, Waiter[]>()

  /** True when somebody is being served or waits. */
  isBusy(name: string): boolean {
    return this.#lines.has(name)
  }

  /**
   * Resolves when it is the caller's turn, with a function that ends the turn. Rejects with the signal's reason, and
   * with `kernel.unavailable` when 10,000 wait already.
   */
  async enter(name: string, signal?: AbortSignal): Promise<() => void> {
    signal?.throwIfAborted()
    const line = this.#lines.get(name)
    if (!line) this.#lines.set(name, [])
    else await this.#wait(line, signal)
    return () => this.#next(name)
  }

  /** Rejects everybody who waits. */
  clear(reason: unknown): void {
    for (const line of this.#lines.values()) for (const waiter of line.splice(0)) waiter.reject(reason)
  }

  #wait(line: Waiter[], signal?: AbortSignal): Promise<void> {
    if (line.length >= maxWaiters)
      throw kernelErrors.unavailable({ message: 'Too many wait for this lease.' })
    return new Promise((resolve, reject) => {
      const leave = () => {
        line.splice(line.indexOf(waiter), 1)
        reject(signal?.reason)
      }
      const settled = () => signal?.removeEventListener('abort', leave)
      const waiter: Waiter = {
        enter: () => {
          settled()
          resolve()
        },
        reject: (reason) => {
          settled()
          reject(reason)
        },
      }
      line.push(waiter)
      signal?.addEventListener('abort', leave, { once: true })
    })
  }

  #next(name: string): void {
    const next = this.#lines.get(name)?.shift()
    if (next) next.enter()
    else this.#lines.delete(name)
  }
}
