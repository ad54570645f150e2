// Decides what the taps of this node are told, and in which order: events of our own commits at once, events of
// other nodes by reading the log when a hint (or the repair) says that a stream has moved. It knows no bus.

import type { Head } from '../bus/index.js'
import type { Micros, Stop, StreamId } from '../ids/index.js'
import { createGate } from './gate.js'
import type { CommitGroup, Journal } from './journal.js'
import type { KindTap } from './kind-follower.js'
import { cursorAt, Kinds } from './kinds.js'
import type { LogLimits } from './limits.js'
import type { StoredEvent, Tap } from './port.js'
import { createWatch, newerThan, tell, type Watch } from './watch.js'

export type PublisherOptions = {
  journal: Journal
  /** True when nobody else writes: then every event comes from our own commits, in order. */
  exclusive: boolean
  limits: LogLimits
  now(): Micros
  onFault(error: unknown, where: string): void
}

export class Publisher {
  readonly #options: PublisherOptions
  readonly #watches = new Map<StreamId, Watch>()
  readonly #kinds = new Kinds()
  /** Watches of followed kinds, the longest unused first. */
  readonly #tracked = new Set<Watch>()
  readonly #catchUpSoon: (job: () => Promise<void>) => void

  constructor(options: PublisherOptions) {
    this.#options = options
    this.#catchUpSoon = createGate(options.limits.catchUps)
  }

  /** Streams with a tap here, and taps. */
  get counts(): { streams: number; taps: number } {
    let taps = 0
    for (const watch of this.#watches.values()) taps += watch.taps.size
    return { streams: this.#watches.size, taps }
  }

  tap(stream: StreamId, tap: Tap): Stop {
    const entry = { tap }
    const watch = this.#watches.get(stream) ?? this.#watch(stream)
    watch.taps.add(entry)
    return () => {
      watch.taps.delete(entry)
      this.#forgetIdle(watch)
    }
  }

  tapKind(kind: string, tap: KindTap): Stop {
    const stop = this.#kinds.tap(kind, tap, this.#options.now())
    return () => {
      stop()
      for (const watch of this.#tracked) if (!this.#kinds.follows(watch.stream)) this.#untrack(watch)
    }
  }

  /** Events of our own commits. */
  committed(group: CommitGroup): void {
    for (const { stream, events } of group) {
      const watch = this.#interest(stream)
      if (watch) this.#own(watch, events)
      else if (this.#options.exclusive) this.#kinds.publish(stream, events, this.#kindFault)
    }
  }

  /** Hints: each stream has reached this number, 0 when it was dropped. */
  moved(heads: readonly Head[]): void {
    for (const { stream, seq } of heads) {
      if (seq === 0) this.gone(stream)
      else this.#hinted(stream, seq)
    }
  }

  gone(stream: StreamId): void {
    const watch = this.#watches.get(stream)
    if (!watch) return
    this.#watches.delete(stream)
    this.#tracked.delete(watch)
    tell(watch, (tap) => tap.gone?.(), this.#tapFault)
    watch.taps.clear()
  }

  signalled(stream: StreamId, payload: string): void {
    const watch = this.#watches.get(stream)
    if (watch) tell(watch, (tap) => tap.signal?.(payload), this.#tapFault)
  }

  /** A page of the stream showed this head. Until something is published, that is what listeners start from. */
  noticed(stream: StreamId, head: number): void {
    const watch = this.#watches.get(stream)
    if (!watch || watch.isLive || this.#options.exclusive) return
    if (watch.cursor !== undefined) watch.cursor = Math.min(watch.cursor, head)
    else if (head > 0 && this.#kinds.follows(stream)) this.#want(watch, head)
    else this.#begin(watch, head)
  }

  /** From here on nothing is hidden from its taps. */
  #begin(watch: Watch, head: number): void {
    watch.cursor = head
    // WHY: a hint may have been lost since they began, and what it spoke of stands before this head.
    if (head > 0) tell(watch, (tap) => tap.missed?.(), this.#tapFault)
  }

  /** What is known of every watched stream: compare it with the heads that are asked for now. */
  snapshot(): Map<StreamId, number> {
    return new Map([...this.#watches.values()].map((watch) => [watch.stream, watch.cursor ?? 0]))
  }

  /** Heads that were asked for after `known` was taken; streams that are missing in `heads` do not exist. */
  compared(known: ReadonlyMap<StreamId, number>, heads: ReadonlyMap<StreamId, number>): void {
    for (const [stream, cursor] of known) {
      const head = heads.get(stream) ?? 0
      if (head < cursor) this.gone(stream)
      else this.#repaired(stream, head)
    }
  }

  #repaired(stream: StreamId, head: number): void {
    const watch = this.#watches.get(stream)
    if (!watch) return
    if (watch.cursor === undefined) this.noticed(stream, head)
    else if (head > watch.cursor) this.#want(watch, head)
  }

  #watch(stream: StreamId): Watch {
    const watch = createWatch(stream)
    this.#watches.set(stream, watch)
    return watch
  }

  // WHY: where other nodes write, streams of a followed kind need a position even when nobody taps them.
  #interest(stream: StreamId): Watch | undefined {
    const watch = this.#watches.get(stream)
    if (watch || this.#options.exclusive || !this.#kinds.follows(stream)) return watch
    return this.#watch(stream)
  }

  #own(watch: Watch, events: readonly StoredEvent[]): void {
    // WHY: with one writer every event comes this way, in order; what reads said does not matter.
    const isAll = this.#options.exclusive || watch.cursor === undefined
    const fresh = isAll ? events : newerThan(events, watch.cursor ?? 0)
    const [first, last] = [fresh[0], fresh.at(-1)]
    if (!first || !last) return
    if (this.#continues(watch, first.seq)) this.#publish(watch, fresh)
    else this.#want(watch, last.seq)
  }

  #continues(watch: Watch, seq: number): boolean {
    if (this.#options.exclusive) return true
    if (watch.isCatchingUp) return false
    if (watch.cursor !== undefined) return seq === watch.cursor + 1
    return seq === 1 || !this.#kinds.follows(watch.stream)
  }

  #publish(watch: Watch, events: readonly StoredEvent[]): void {
    const last = events.at(-1)
    if (!last) return
    watch.cursor = last.seq
    watch.at = last.at
    watch.isLive = true
    tell(watch, (tap) => tap.events?.(events), this.#tapFault)
    this.#kinds.publish(watch.stream, events, this.#kindFault)
    if (!this.#options.exclusive && this.#kinds.follows(watch.stream)) this.#track(watch)
    else this.#forgetIdle(watch)
  }

  #hinted(stream: StreamId, seq: number): void {
    const watch = this.#interest(stream)
    if (!watch) return
    if (watch.cursor === undefined && !this.#kinds.follows(stream)) watch.cursor = seq - 1
    if (watch.cursor === undefined || seq > watch.cursor) this.#want(watch, seq)
  }

  #want(watch: Watch, seq: number): void {
    watch.wanted = Math.max(watch.wanted, seq)
    if (watch.isCatchingUp) return
    watch.isCatchingUp = true
    this.#catchUpSoon(() => this.#catchUp(watch))
  }

  async #catchUp(watch: Watch): Promise<void> {
    try {
      watch.cursor ??= await this.#startOf(watch)
      while (watch.cursor < watch.wanted && this.#isWatched(watch)) if (!(await this.#readOn(watch))) break
    } catch (error) {
      this.#options.onFault(error, 'log.catch_up')
    } finally {
      watch.isCatchingUp = false
      watch.wanted = 0
      this.#forgetIdle(watch)
    }
  }

  #startOf(watch: Watch): Promise<number> | number {
    const since = this.#kinds.since(watch.stream)
    if (since === undefined) return watch.wanted - 1
    return cursorAt(this.#options.journal, watch.stream, since)
  }

  async #readOn(watch: Watch): Promise<boolean> {
    const after = watch.cursor ?? 0
    const limit = this.#options.limits.catchUpEvents
    const page = await this.#options.journal.read(watch.stream, { after, limit })
    // While we read, a page of somebody else may have moved the cursor back: never past what that showed.
    const isStill = watch.cursor === after
    if (isStill && this.#isWatched(watch)) this.#publish(watch, page.events)
    return !isStill || page.events.length > 0
  }

  #isWatched(watch: Watch): boolean {
    return this.#watches.get(watch.stream) === watch
  }

  #track(watch: Watch): void {
    this.#tracked.delete(watch)
    this.#tracked.add(watch)
    const [oldest] = this.#tracked.size > this.#options.limits.trackedStreams ? this.#tracked : []
    if (!oldest) return
    this.#kinds.forget(oldest.stream, oldest.at)
    this.#untrack(oldest)
  }

  #untrack(watch: Watch): void {
    this.#tracked.delete(watch)
    this.#forgetIdle(watch)
  }

  #forgetIdle(watch: Watch): void {
    if (watch.taps.size > 0 || watch.isCatchingUp || this.#tracked.has(watch)) return
    if (this.#isWatched(watch)) this.#watches.delete(watch.stream)
  }

  readonly #tapFault = (error: unknown): void => this.#options.onFault(error, 'log.tap')
  readonly #kindFault = (error: unknown): void => this.#options.onFault(error, 'log.follow_kind')
}
