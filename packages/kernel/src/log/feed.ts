/** What a feed asks of its owner. */
export type FeedOwner<T> = {
  /** Weight of an item, in characters. */
  weigh(item: T): number
  /** The consumer waits and nothing is queued: a good moment to read more. */
  onEmpty(): void
  /** Called once, however the feed ends. */
  onEnd(): void
}

/**
 * A queue that is consumed as an async iterator. It sets no bound itself: its owner looks at `size` and `weight`
 * before it pushes. Calls of `next` are answered in order.
 */
export class Feed<T> implements AsyncIterableIterator<T> {
  readonly #owner: FeedOwner<T>
  #items: T[] = []
  #weight = 0
  #failure: { error: unknown } | undefined
  #isClosed = false
  #wake: (() => void) | undefined
  #turn: Promise<unknown> = Promise.resolve()

  constructor(owner: FeedOwner<T>) {
    this.#owner = owner
  }

  get size(): number {
    return this.#items.length
  }

  /** Characters of all queued items. */
  get weight(): number {
    return this.#weight
  }

  /** True when nothing can be pushed any more. */
  get isClosed(): boolean {
    return this.#isClosed
  }

  push(item: T): void {
    if (this.#isClosed) return
    this.#items.push(item)
    this.#weight += this.#owner.weigh(item)
    this.wake()
  }

  /** Lets a waiting consumer look again, which calls `onEmpty` when there is still nothing. */
  wake(): void {
    this.#wake?.()
    this.#wake = undefined
  }

  /** Ends after what is queued. */
  finish(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#owner.onEnd()
    this.wake()
  }

  /** Ends with an error after what is queued. */
  fail(error: unknown): void {
    if (this.#isClosed) return
    this.#failure = { error }
    this.finish()
  }

  /** Ends now and forgets what is queued. */
  end(): void {
    this.finish()
    this.#items = []
    this.#weight = 0
    this.#failure = undefined
  }

  next(): Promise<IteratorResult<T>> {
    const result = this.#turn.then(() => this.#take())
    this.#turn = result.catch(() => {})
    return result
  }

  async return(): Promise<IteratorResult<T>> {
    this.end()
    return { done: true, value: undefined }
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async #take(): Promise<IteratorResult<T>> {
    while (this.#items.length === 0) {
      if (this.#isClosed) return this.#last()
      this.#owner.onEmpty()
      if (this.#items.length === 0 && !this.#isClosed) await this.#woken()
    }
    const value = this.#items.shift() as T
    this.#weight -= this.#owner.weigh(value)
    return { done: false, value }
  }

  #last(): IteratorResult<T> {
    const failure = this.#failure
    this.#failure = undefined
    if (failure) throw failure.error
    return { done: true, value: undefined }
  }

  #woken(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }
}

/** Ends the feed when the signal aborts. The returned function forgets the signal. */
export function endOnAbort(feed: Feed<unknown>, signal: AbortSignal): () => void {
  const end = () => feed.end()
  if (signal.aborted) end()
  else signal.addEventListener('abort', end, { once: true })
  return () => signal.removeEventListener('abort', end)
}
