import type { Log, StoredEvent } from '@parley/kernel/log'
import type { Principal } from '@parley/kernel/principal'
import type { Connection, Feed } from '@parley/kernel/socket'
import { type Channel, channelsOfLifecycle } from '../protocol/index.js'
import { lifecycleFrame } from '../protocol/ws/frames.js'
import type { SessionsService } from '../service/port.js'
import { streamOf } from '../service/streams.js'
import { type Audience, audienceOf, type Frames } from './audience.js'
import { InOrder } from './in-order.js'
import { Place } from './place.js'
import { replay } from './replay.js'

/** What the parts of one connection share. */
export type PartContext = {
  service: Pick<SessionsService, 'find'>
  log: Pick<Log, 'read' | 'last'>
  feed: Feed<Audience>
  frames: Frames
  connection: Connection
  by: Principal
  /** True while the connection is subscribed to `agents`. */
  hasEverything(): boolean
  /** Nothing is left to do for the part. `cursor`: up to where it got everything, when it was in the feed. */
  done(part: SessionPart, cursor?: number): void
  /** The session is none that the connection may see. */
  isHidden(part: SessionPart): void
  /** The client asks faster than it can be answered. */
  tooFast(): void
  onFault(error: unknown): void
}

/** What a replay is about: a channel after `since`, while everything else goes on from `cursor`. */
type Asked = { channel: Channel; since: number; cursor: number; signal: AbortSignal }

const everything: Channel = 'agents'

/** Jobs of one session that wait: a client that goes on asking is not remembered for ever. */
const maxJobs = 1_000

/**
 * One connection's place in one session. At most one member of the feed sends it live events, so that each comes once,
 * however many of its channels carry it; while the history of a channel is replayed there is none.
 */
export class SessionPart {
  readonly sessionId: string
  readonly #context: PartContext
  readonly #jobs: InOrder
  readonly #place: Place
  readonly #channels = new Set<Channel>()
  /** The channel that is being replayed, and how to stop that. */
  #replaying: { channel: Channel; stop: AbortController } | undefined
  /** True once the session was there and visible. */
  #isThere = false
  #end: 'unknown' | 'due' | 'told' = 'unknown'

  constructor(sessionId: string, context: PartContext) {
    this.sessionId = sessionId
    this.#context = context
    this.#jobs = new InOrder((error) => context.onFault(error))
    this.#place = new Place(context.feed, streamOf(sessionId), context.connection)
  }

  /** Replays the channel after `since`, says `subscribed`, and goes on live. Also for a session that is not there yet. */
  subscribe(channel: Channel, since: number): void {
    void this.#run(() => this.#subscribe(channel, since))
  }

  /** Resolves when nothing more of the channel comes. */
  unsubscribe(channel: Channel): Promise<void> {
    if (this.#replaying?.channel === channel) this.#replaying.stop.abort()
    return this.#run(() => this.#remove(channel))
  }

  /** `agents`: everything from now on. `after`: where that is; without it the session goes on where it is. */
  follow(after?: number): void {
    void this.#run(() => this.#follow(after))
  }

  /** The session may have come into being. */
  appear(): void {
    // One job for the many events that come while the first is looked at.
    if (!this.#isThere && this.#jobs.waiting === 0) void this.#jobs.run(() => this.#appear())
  }

  /** The session was announced. */
  created(): void {
    void this.#jobs.run(async () => {
      if (!(await this.#look())) return
      if (this.#isWhole()) this.#send(lifecycleFrame('session.created', this.sessionId))
      await this.#appear()
    })
  }

  /** The session's last event was sent to somebody. */
  ended(): void {
    if (this.#end !== 'unknown') return
    this.#end = 'due'
    void this.#jobs.run(() => this.#tellEnd())
  }

  #run(job: () => Promise<void> | void): Promise<void> {
    if (this.#jobs.waiting < maxJobs) return this.#jobs.run(job)
    this.#context.tooFast()
    return Promise.resolve()
  }

  async #subscribe(channel: Channel, since: number): Promise<void> {
    const stop = new AbortController()
    this.#replaying = { channel, stop }
    try {
      await this.#open(channel, since, stop.signal)
    } finally {
      this.#replaying = undefined
    }
  }

  async #open(channel: Channel, since: number, signal: AbortSignal): Promise<void> {
    const subscribed = (isTruncated: boolean) =>
      this.#send(JSON.stringify({ type: 'subscribed', channel, ...(isTruncated && { truncated: true }) }))
    if (!(await this.#look())) {
      this.#channels.add(channel)
      return subscribed(false)
    }
    const cursor = this.#place.leave() ?? (await this.#startOfEverything())
    if (cursor === undefined) {
      this.#channels.add(channel)
      return this.#join(since, subscribed, signal)
    }
    const replayed = await this.#replay({ channel, since, cursor, signal })
    const after = Math.max(cursor, replayed.cursor)
    await this.#join(after, () => subscribed(replayed.first > since + 1), signal)
  }

  /** History of one channel for a connection that has others of the session; they go on from `cursor` meanwhile. */
  async #replay({ channel, since, cursor, signal }: Asked) {
    const { log, frames, connection } = this.#context
    const before = frames.taggerOf(audienceOf(this.#channels))
    const added = frames.taggerOf(channel)
    this.#channels.add(channel)
    const audience = audienceOf(this.#channels)
    const frameOf = (event: StoredEvent) => {
      const isDue = event.seq > cursor && before.tagOf(event) !== undefined
      const isAsked = event.seq > since && added.tagOf(event) !== undefined
      return isDue || isAsked ? frames.frameOf(event, audience) : undefined
    }
    const after = Math.min(since, cursor)
    return replay({ log, stream: streamOf(this.sessionId), connection, after, frameOf, signal })
  }

  #remove(channel: Channel): void {
    const cursor = this.#channels.delete(channel) ? this.#place.leave() : undefined
    this.#goOn(cursor)
    this.#finish(cursor)
  }

  async #follow(after: number | undefined): Promise<void> {
    if (this.#channels.has(everything) || !this.#context.hasEverything()) return this.#finish()
    if (!(await this.#look())) {
      // One that was subscribed to by its name still waits for it.
      if (this.#channels.size === 0) this.#context.isHidden(this)
      return this.#finish()
    }
    const cursor = this.#place.leave() ?? after ?? (await this.#head())
    this.#channels.add(everything)
    this.#goOn(cursor)
  }

  async #appear(): Promise<void> {
    if (this.#place.isIn || !(await this.#look())) return
    if (this.#context.hasEverything()) this.#channels.add(everything)
    this.#goOn(this.#place.leave() ?? 0)
  }

  /**
   * Tells the end after everything that was before it. WHY: a slow connection is behind the others; joining anew says when it
   * has everything.
   */
  async #tellEnd(): Promise<void> {
    this.#end = 'told'
    const cursor = this.#place.leave()
    if (cursor === undefined) return
    if (!this.#isWhole()) return this.#goOn(cursor)
    await this.#join(cursor, () => this.#send(lifecycleFrame('session.terminated', this.sessionId)))
    // Nothing more comes of it, and a connection that sees everything sees many.
    if (this.#channels.size === 1 && this.#channels.has(everything)) this.#remove(everything)
  }

  /** Where a session begins for a connection that has `agents`, of which nothing is replayed. */
  async #startOfEverything(): Promise<number | undefined> {
    if (!this.#context.hasEverything()) return undefined
    this.#channels.add(everything)
    return this.#head()
  }

  async #head(): Promise<number> {
    const [newest] = await this.#context.log.last(streamOf(this.sessionId), { limit: 1 })
    return newest?.seq ?? 0
  }

  async #look(): Promise<boolean> {
    if (this.#isThere) return true
    const row = await this.#context.service.find(this.#context.by, this.sessionId)
    if (!row) return false
    this.#isThere = true
    // What is over is not told again.
    if (row.status === 'killed') this.#end = 'told'
    return true
  }

  /** Live again, for whatever channels there are. */
  #goOn(cursor: number | undefined): void {
    if (cursor !== undefined && this.#channels.size > 0) void this.#join(cursor)
  }

  #join(after: number, caughtUp?: (isTruncated: boolean) => void, signal?: AbortSignal): Promise<void> {
    const audience = audienceOf(this.#channels)
    return this.#place.join({ audience, after, ...(caughtUp && { caughtUp }), ...(signal && { signal }) })
  }

  #isWhole(): boolean {
    return channelsOfLifecycle(this.sessionId).some((channel) => this.#channels.has(channel))
  }

  #finish(cursor?: number): void {
    // A job that waits still needs it.
    if (this.#channels.size === 0 && this.#jobs.waiting <= 1) this.#context.done(this, cursor)
  }

  #send(text: string): void {
    this.#context.connection.send(text)
  }
}
