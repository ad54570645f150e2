import { isParleyError } from '@parley/kernel/errors'
import type { Clock, Stop } from '@parley/kernel/ids'
import { type FollowItem, isMark, type Log } from '@parley/kernel/log'
import { relayErrors } from '../../errors.js'
import { deferred } from './deferred.js'
import { readEvent, type SimEvent, toDraft } from './events.js'
import { World } from './world.js'

export type FeedOptions = {
  log: Log
  stream: string
  clock: Clock
  onFault(error: unknown, where: string): void
}
export type FeedListener = { event?(event: SimEvent): void; signal?(payload: string): void }

type Wait = { seq: number; resolve(): void; reject(error: unknown): void }

const pauseMs = 1_000

/** Keeps a world as its stream has it, and puts changes into the stream. */
export class WorldFeed {
  readonly world = new World()
  readonly #options: FeedOptions
  readonly #end = new AbortController()
  readonly #listeners = new Set<FeedListener>()
  readonly #ready = deferred()
  readonly #ended: Promise<void>
  #seq = 0
  #waits: Wait[] = []

  constructor(options: FeedOptions) {
    this.#options = options
    this.#ended = this.#run()
  }

  get isStopped(): boolean {
    return this.#end.signal.aborted
  }

  /** Resolves when everything that was there at the opening is in the world. Rejects when it was stopped before. */
  ready(): Promise<void> {
    return this.#ready.promise
  }

  listen(listener: FeedListener): Stop {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** Resolves when the events are durable and in the world of this node. */
  async commit(events: readonly SimEvent[]): Promise<void> {
    if (this.#end.signal.aborted) throw stopped()
    const { log, stream } = this.#options
    const result = await log.commit({ ops: [], appends: [{ stream, drafts: events.map(toDraft) }] })
    if (result.outcome !== 'committed') throw new Error(`a unit of the simulator was ${result.outcome}`)
    await this.#until((result.appended[0]?.firstSeq ?? 1) + events.length - 1)
  }

  /** Tells everybody who follows now, and nobody later. */
  signal(payload: string): void {
    this.#options.log.signal(this.#options.stream, payload)
  }

  /** The body of a stored event. */
  async read(seq: number): Promise<SimEvent | undefined> {
    const page = await this.#options.log.read(this.#options.stream, { after: seq - 1, limit: 1 })
    const stored = page.events.find((one) => one.seq === seq)
    return stored && readEvent(stored)
  }

  async stop(): Promise<void> {
    this.#end.abort(stopped())
    await this.#ended
  }

  #until(seq: number): Promise<void> {
    if (this.#seq >= seq) return Promise.resolve()
    if (this.#end.signal.aborted) return Promise.reject(stopped())
    return new Promise((resolve, reject) => this.#waits.push({ seq, resolve, reject }))
  }

  async #run(): Promise<void> {
    while (!this.#end.signal.aborted) {
      try {
        await this.#follow()
      } catch (error) {
        if (isParleyError(error, 'kernel.closed')) break
        this.#options.onFault(error, 'simulator: following the stream')
        await this.#options.clock.sleep(pauseMs, this.#end.signal).catch(() => {})
      }
    }
    this.#end.abort(stopped())
    this.#ready.reject(stopped())
    for (const { reject } of this.#waits.splice(0)) reject(stopped())
  }

  async #follow(): Promise<void> {
    const { log, stream } = this.#options
    for await (const item of log.follow(stream, { after: this.#seq, signal: this.#end.signal }))
      this.#take(item)
  }

  #take(item: FollowItem): void {
    if (!isMark(item)) {
      const event = readEvent(item)
      if (event) this.world.apply(event, item.seq)
      this.#moved(item.seq)
      if (event) this.#tell((listener) => listener.event?.(event))
    } else if (item.mark === 'caught_up') this.#ready.resolve()
    else if (item.mark === 'signal') this.#tell((listener) => listener.signal?.(item.payload))
    else if (item.mark === 'gone') {
      this.world.clear()
      this.#seq = 0
    }
  }

  #moved(seq: number): void {
    this.#seq = seq
    if (this.#waits.length === 0) return
    const due = this.#waits.filter((wait) => wait.seq <= seq)
    this.#waits = this.#waits.filter((wait) => wait.seq > seq)
    for (const { resolve } of due) resolve()
  }

  #tell(call: (listener: FeedListener) => void): void {
    for (const listener of this.#listeners) {
      try {
        call(listener)
      } catch (error) {
        this.#options.onFault(error, 'simulator: a listener')
      }
    }
  }
}

const stopped = () => relayErrors.unavailable({ message: 'the simulated platform was stopped' })
