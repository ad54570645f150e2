import type { Clock, Stop } from '../ids/index.js'

/** Waits for one connection to be quiet. */
export type IdleWatch = {
  readonly queue: IdleQueue
  readonly listener: () => void
  /** Time of the last message, or of the last call; milliseconds since 1970. */
  quietSince: number
}

/** Calls back each time nothing came for so long. One timer for all connections that wait for the same time. */
export interface IdleWatches {
  watch(ms: number, listener: () => void): IdleWatch
}

type Options = { clock: Clock; onFault(error: unknown): void }

export function createIdleWatches(options: Options): IdleWatches {
  const queues = new Map<number, IdleQueue>()
  const queueOf = (ms: number): IdleQueue => {
    const known = queues.get(ms)
    if (known) return known
    const queue = new IdleQueue(ms, options, () => queues.delete(ms))
    queues.set(ms, queue)
    return queue
  }
  return {
    watch: (ms, listener) => {
      const watch = { queue: queueOf(ms), listener, quietSince: 0 }
      watch.queue.touch(watch)
      return watch
    },
  }
}

/** Everybody who waits for the same time, the one that has been quiet for longest first. */
export class IdleQueue {
  readonly #ms: number
  readonly #options: Options
  readonly #onEmpty: () => void
  readonly #watches = new Set<IdleWatch>()
  #stopTimer: Stop | undefined

  constructor(ms: number, options: Options, onEmpty: () => void) {
    this.#ms = Math.max(1, ms)
    this.#options = options
    this.#onEmpty = onEmpty
  }

  /** Something came: the time begins anew. */
  touch(watch: IdleWatch): void {
    watch.quietSince = this.#options.clock.now()
    this.#watches.delete(watch)
    this.#watches.add(watch)
    this.#arm()
  }

  stop(watch: IdleWatch): void {
    if (!this.#watches.delete(watch) || this.#watches.size > 0) return
    this.#stopTimer?.()
    this.#stopTimer = undefined
    this.#onEmpty()
  }

  // The timer is not moved by every message; when it fires it looks how much of the time is left.
  #arm(): void {
    const [first] = this.#watches
    if (this.#stopTimer || !first) return
    const left = first.quietSince + this.#ms - this.#options.clock.now()
    this.#stopTimer = this.#options.clock.after(Math.max(0, left), () => this.#look())
  }

  #look(): void {
    this.#stopTimer = undefined
    const due = this.#due()
    for (const watch of due) this.touch(watch)
    this.#arm()
    // One that a listener before it has stopped is not called.
    for (const watch of due) if (this.#watches.has(watch)) this.#call(watch.listener)
  }

  #due(): IdleWatch[] {
    const until = this.#options.clock.now() - this.#ms
    const due: IdleWatch[] = []
    for (const watch of this.#watches) {
      if (watch.quietSince > until) break
      due.push(watch)
    }
    return due
  }

  #call(listener: () => void): void {
    try {
      listener()
    } catch (error) {
      this.#options.onFault(error)
    }
  }
}
