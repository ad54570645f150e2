import { kernelErrors } from '../errors/index.js'
import type { Stop, StreamId } from '../ids/index.js'
import { endOnAbort, Feed } from './feed.js'
import type { LogLimits } from './limits.js'
import type { Page, StoredEvent } from './port.js'

/** Told of the events of every stream of a kind, each stream's in order. */
export type KindTap = (stream: StreamId, events: readonly StoredEvent[]) => void

/** What a follower of a kind needs of the log. */
export type KindSource = {
  opened(feed: Feed<StoredEvent>): Stop
  tapKind(kind: string, tap: KindTap): Stop
  read(stream: StreamId, options: { after: number; limit: number }): Promise<Page>
  limits: LogLimits
}

/** Events of a stream that were published while the queue was full: `after` to `to` must be read from the log. */
type Missed = { after: number; to: number }

const weigh = (event: StoredEvent): number => event.body.length

/** One consumer of all streams of a kind. When it is slow it remembers numbers instead of events. */
export class KindFollower {
  readonly feed: Feed<StoredEvent>
  readonly #source: KindSource
  readonly #stops: Stop[] = []
  readonly #missed = new Map<StreamId, Missed>()
  #isReading = false

  constructor(source: KindSource, kind: string, signal: AbortSignal) {
    this.#source = source
    this.feed = new Feed({ weigh, onEmpty: () => this.#readOn(), onEnd: () => this.#ended() })
    this.#stops.push(source.opened(this.feed))
    this.#stops.push(source.tapKind(kind, (stream, events) => this.#pushed(stream, events)))
    this.#stops.push(endOnAbort(this.feed, signal))
  }

  #ended(): void {
    for (const stop of this.#stops) stop()
    this.#missed.clear()
  }

  #pushed(stream: StreamId, events: readonly StoredEvent[]): void {
    const missed = this.#missed.get(stream)
    const to = events.at(-1)?.seq ?? 0
    if (missed) {
      missed.to = to
      return
    }
    for (const event of events) {
      if (!this.#hasRoom(event.body.length)) {
        this.#miss(stream, { after: event.seq - 1, to })
        return
      }
      this.feed.push(event)
    }
  }

  #hasRoom(chars: number): boolean {
    const { followerEvents, followerChars } = this.#source.limits
    if (this.feed.size === 0) return true
    return this.feed.size < followerEvents && this.feed.weight + chars <= followerChars
  }

  #miss(stream: StreamId, missed: Missed): void {
    this.#missed.set(stream, missed)
    if (this.#missed.size <= this.#source.limits.missedStreams) return
    this.feed.fail(kernelErrors.unavailable({ message: 'A follower of many streams fell too far behind.' }))
  }

  #readOn(): void {
    const next = this.#missed.entries().next()
    if (this.#isReading || next.done) return
    const [stream, missed] = next.value
    this.#isReading = true
    this.#source.read(stream, { after: missed.after, limit: this.#source.limits.followerEvents }).then(
      (page) => this.#arrived(stream, missed, page),
      (error) => this.feed.fail(error),
    )
  }

  #arrived(stream: StreamId, missed: Missed, page: Page): void {
    this.#isReading = false
    for (const event of page.events) if (event.seq <= missed.to) this.feed.push(event)
    missed.after = page.events.at(-1)?.seq ?? missed.to
    if (missed.after >= missed.to) this.#missed.delete(stream)
    this.feed.wake()
  }
}
