import type { Stop } from '@parley/kernel/ids'
import type { Connection, Feed } from '@parley/kernel/socket'
import type { Audience } from './audience.js'

type JoinOptions = {
  audience: Audience
  after: number
  /** It has everything that was. `isTruncated`: but for what is gone. */
  caughtUp?(isTruncated: boolean): void
  /** Takes it out again. */
  signal?: AbortSignal
}

/** One connection's member in the feed of a stream: at most one at a time, and it knows where it was when it is out. */
export class Place {
  readonly #feed: Feed<Audience>
  readonly #stream: string
  readonly #connection: Connection
  #leaveFeed: Stop | undefined
  /** Everything up to here was handed over; undefined before that is known. Exact while it is out of the feed. */
  #cursor: number | undefined

  constructor(feed: Feed<Audience>, stream: string, connection: Connection) {
    this.#feed = feed
    this.#stream = stream
    this.#connection = connection
  }

  get isIn(): boolean {
    return this.#leaveFeed !== undefined
  }

  /** Joins the feed; resolves when it has caught up, or is out again. */
  join({ audience, after, caughtUp, signal }: JoinOptions): Promise<void> {
    if (!this.#connection.isOpen || signal?.aborted) {
      this.#cursor = after
      return Promise.resolve()
    }
    let isTruncated = false
    return new Promise((resolve) => {
      signal?.addEventListener('abort', () => this.leave(), { once: true })
      this.#leaveFeed = this.#feed.join(this.#stream, this.#connection, {
        after,
        audience,
        historyGone: () => {
          isTruncated = true
        },
        caughtUp: () => {
          caughtUp?.(isTruncated)
          resolve()
        },
        left: (seq) => {
          this.#cursor = seq
          resolve()
        },
      })
    })
  }

  /** Takes it out of the feed; answers up to where it got everything, undefined for one that was never in. */
  leave(): number | undefined {
    this.#leaveFeed?.()
    this.#leaveFeed = undefined
    return this.#cursor
  }
}
