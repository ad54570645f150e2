// Events of one link on their way to the log: in order, one unit at a time (section 13.5).
import type { Clock, Stop } from '@parley/kernel/ids'
import { type EventFrame, linkLimits, type SpoolPosition } from '../../protocol/index.js'

export type InletOptions = {
  clock: Clock
  position: SpoolPosition
  /** More of them are slowed down. Default 5,000. */
  eventsPerSecond?: number | undefined
  /**
   * Stores events together with the position of the last; resolves with how many were, fewer when one may not come from
   * this host. Undefined when the position was not `from` any more.
   */
  store(events: readonly EventFrame[], from: SpoolPosition): Promise<number | undefined>
  /** Everything up to here is durable. */
  stored(position: SpoolPosition): void
  pause(): void
  resume(): void
  /** Nothing more is stored on this link. */
  failed(why: 'gap' | 'foreign' | 'flood' | 'moved' | { fault: unknown }): void
}

const unit = { events: 500, bytes: 4 * 1024 * 1024 }
const high = { events: 1_000, bytes: 4 * 1024 * 1024 }
const low = { events: 250, bytes: 1024 * 1024 }
/** Twice what the protocol lets a host send without an answer. */
const most = {
  events: 2 * linkLimits.unackedEvents,
  bytes: 2 * linkLimits.unackedBytes + linkLimits.frameBytes,
}
const defaultPerSecond = 5_000
const reachedWithinMs = 2_000

type Queued = { frame: EventFrame; bytes: number }

export class Inlet {
  readonly #options: InletOptions
  #position: SpoolPosition
  #queue: Queued[] = []
  #bytes = 0
  /** The last that was queued. */
  #last: number
  #busy: Promise<void> | undefined
  #isClosed = false
  #isPaused = false
  #isTooFast = false
  #second = { begun: 0, count: 0 }
  #stopTimer: Stop = () => {}
  /** Who waits until a number is stored. */
  readonly #readers = new Set<{ n: number; done(): void }>()

  constructor(options: InletOptions) {
    this.#options = options
    this.#position = options.position
    this.#last = options.position.n
  }

  get position(): SpoolPosition {
    return this.#position
  }

  /** Resolves when everything up to a number is stored, when that takes too long, or when nothing more is stored. */
  reached(n: number): Promise<void> {
    if (this.#isClosed || n <= this.#position.n) return Promise.resolve()
    return new Promise((resolve) => {
      const done = () => {
        stopTimer()
        this.#readers.delete(reader)
        resolve()
      }
      const reader = { n, done }
      const stopTimer = this.#options.clock.after(reachedWithinMs, done)
      this.#readers.add(reader)
    })
  }

  push(frame: EventFrame, bytes: number): void {
    if (this.#isClosed) return
    if (frame.epoch !== this.#position.epoch || frame.n > this.#last + 1) return void this.#fail('gap')
    // A repeat.
    if (frame.n <= this.#last) return
    this.#last = frame.n
    this.#queue.push({ frame, bytes })
    this.#bytes += bytes
    if (this.#queue.length > most.events || this.#bytes > most.bytes) return void this.#fail('flood')
    this.#count()
    this.#steer()
    this.#busy ??= this.#pump().finally(() => {
      this.#busy = undefined
    })
  }

  /** Stores no more. Resolves when the unit under way is done. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#queue = []
    this.#stopTimer()
    this.#tellReaders()
    await this.#busy
  }

  async #pump(): Promise<void> {
    // What else came with it in this turn goes into the same unit.
    await Promise.resolve()
    while (this.#queue.length > 0 && !this.#isClosed) {
      try {
        if (!(await this.#storeNext())) return
      } catch (fault) {
        return this.#fail({ fault })
      }
    }
  }

  async #storeNext(): Promise<boolean> {
    const batch = this.#takeBatch()
    const from = this.#position
    const count = await this.#options.store(batch, from)
    if (count === undefined) {
      this.#fail('moved')
      return false
    }
    const last = batch[count - 1]
    if (last) {
      this.#position = { epoch: from.epoch, n: last.n }
      this.#options.stored(this.#position)
      this.#tellReaders()
    }
    if (count < batch.length) this.#fail('foreign')
    else this.#steer()
    return count === batch.length
  }

  #tellReaders(): void {
    for (const { n, done } of this.#readers) if (this.#isClosed || n <= this.#position.n) done()
  }

  #takeBatch(): EventFrame[] {
    let bytes = 0
    let count = 0
    for (const queued of this.#queue) {
      if (count >= unit.events || bytes >= unit.bytes) break
      bytes += queued.bytes
      count++
    }
    this.#bytes -= bytes
    return this.#queue.splice(0, count).map(({ frame }) => frame)
  }

  #count(): void {
    const now = this.#options.clock.now()
    if (now - this.#second.begun >= 1_000) this.#second = { begun: now, count: 0 }
    this.#second.count++
    const { eventsPerSecond = defaultPerSecond } = this.#options
    if (this.#second.count < eventsPerSecond || this.#isTooFast) return
    this.#isTooFast = true
    this.#stopTimer = this.#options.clock.after(this.#second.begun + 1_000 - now, () => {
      this.#isTooFast = false
      this.#steer()
    })
  }

  #steer(): void {
    if (this.#isClosed) return
    const waiting = this.#queue.length
    const isBehind = this.#isPaused
      ? waiting > low.events || this.#bytes > low.bytes
      : waiting > high.events || this.#bytes > high.bytes
    const shouldPause = isBehind || this.#isTooFast
    if (shouldPause === this.#isPaused) return
    this.#isPaused = shouldPause
    if (shouldPause) this.#options.pause()
    else this.#options.resume()
  }

  #fail(why: Parameters<InletOptions['failed']>[0]): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#queue = []
    this.#stopTimer()
    this.#tellReaders()
    this.#options.failed(why)
  }
}
