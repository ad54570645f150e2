import type { Stop, StreamId } from '../ids/index.js'
import { endOnAbort, Feed } from './feed.js'
import type { LogLimits } from './limits.js'
import { type FollowItem, type FollowOptions, isMark, type Page, type StoredEvent, type Tap } from './port.js'

/** What a follower needs of the log. */
export type FollowerSource = {
  /** Registers the feed, so that closing the log ends it. */
  opened(feed: Feed<FollowItem>): Stop
  tap(stream: StreamId, tap: Tap): Stop
  read(stream: StreamId, options: { after: number; limit: number }): Promise<Page>
  limits: LogLimits
}

/**
 * Where a follower stands. `behind`: what comes live is ignored, because the log has to be read anyway, which happens
 * when the consumer has taken all that is queued. `reading`: live events wait until the page is there.
 */
type State = 'behind' | 'reading' | 'live'

const weigh = (item: FollowItem): number => {
  if (!isMark(item)) return item.body.length
  return item.mark === 'signal' ? item.payload.length : 0
}

/** One consumer of one stream. It trusts numbers only: what was pushed may repeat, skip or come late. */
export class Follower {
  readonly feed: Feed<FollowItem>
  readonly #source: FollowerSource
  readonly #stream: StreamId
  readonly #stops: Stop[] = []
  #state: State = 'behind'
  #hasCaughtUp = false
  /** Number of the newest event that is queued or taken. */
  #cursor: number
  /** Live events that came while a page was being read; undefined when they were too many. */
  #meanwhile: StoredEvent[] | undefined = []
  #pageEvents: number

  constructor(source: FollowerSource, stream: StreamId, { after = 0, signal }: FollowOptions) {
    this.#source = source
    this.#stream = stream
    this.#cursor = after
    this.#pageEvents = source.limits.followerEvents
    this.feed = new Feed({ weigh, onEmpty: () => this.#readOn(), onEnd: () => this.#ended() })
    this.#stops.push(source.opened(this.feed), source.tap(stream, this.#tap()))
    this.#stops.push(endOnAbort(this.feed, signal))
  }

  #tap(): Tap {
    return {
      events: (events) => this.#pushed(events),
      signal: (payload) => {
        if (this.#state === 'live' && this.#hasRoom(payload.length))
          this.feed.push({ mark: 'signal', payload })
      },
      gone: () => {
        this.feed.push({ mark: 'gone' })
        this.feed.finish()
      },
    }
  }

  #ended(): void {
    for (const stop of this.#stops) stop()
    this.#meanwhile = undefined
  }

  #pushed(events: readonly StoredEvent[]): void {
    if (this.#state === 'reading') this.#keep(events)
    if (this.#state !== 'live') return
    this.#takeLive(events)
  }

  #takeLive(events: readonly StoredEvent[]): void {
    for (const event of events) {
      if (event.seq <= this.#cursor) continue
      if (event.seq > this.#cursor + 1 || !this.#hasRoom(event.body.length)) {
        this.#fallBehind()
        return
      }
      this.#cursor = event.seq
      this.feed.push(event)
    }
  }

  #fallBehind(): void {
    this.#state = 'behind'
    this.feed.wake()
  }

  #hasRoom(chars: number): boolean {
    const { followerEvents, followerChars } = this.#source.limits
    if (this.feed.size === 0) return true
    return this.feed.size < followerEvents && this.feed.weight + chars <= followerChars
  }

  #keep(events: readonly StoredEvent[]): void {
    if (!this.#meanwhile) return
    const { followerEvents, followerChars } = this.#source.limits
    const kept = [...this.#meanwhile, ...events]
    const isTooMuch = kept.length > followerEvents || sumOfChars(kept) > followerChars
    this.#meanwhile = isTooMuch ? undefined : kept
  }

  #readOn(): void {
    if (this.#state !== 'behind') return
    this.#state = 'reading'
    this.#meanwhile = []
    this.#source.read(this.#stream, { after: this.#cursor, limit: this.#pageEvents }).then(
      (page) => this.#arrived(page),
      (error) => this.feed.fail(error),
    )
  }

  #arrived(page: Page): void {
    if (this.feed.isClosed) return
    // A cursor past the end is not one that this log gave out: say where the stream really ends.
    if (!this.#hasCaughtUp) this.#cursor = Math.min(this.#cursor, page.head)
    if (page.first > this.#cursor + 1) this.#skipTo(page.first)
    for (const event of page.events) this.feed.push(event)
    this.#cursor = page.events.at(-1)?.seq ?? this.#cursor
    this.#resize(page.events)
    if (this.#cursor < page.head && page.events.length > 0) this.#fallBehind()
    else this.#goLive()
  }

  #skipTo(first: number): void {
    this.#cursor = first - 1
    this.feed.push({ mark: 'history_gone', first })
  }

  #goLive(): void {
    const meanwhile = this.#meanwhile
    this.#state = 'live'
    this.#meanwhile = []
    if (!this.#hasCaughtUp) this.feed.push({ mark: 'caught_up', seq: this.#cursor })
    this.#hasCaughtUp = true
    if (meanwhile) this.#takeLive(meanwhile)
    else this.#fallBehind()
  }

  // LIMIT: a page is limited by its number of events, so large bodies make the next page shorter.
  #resize(events: readonly StoredEvent[]): void {
    if (events.length === 0) return
    const { followerEvents, followerChars } = this.#source.limits
    const average = Math.max(1, sumOfChars(events) / events.length)
    this.#pageEvents = Math.max(1, Math.min(followerEvents, Math.floor(followerChars / average)))
  }
}

const sumOfChars = (events: readonly StoredEvent[]): number =>
  events.reduce((sum, event) => sum + event.body.length, 0)
