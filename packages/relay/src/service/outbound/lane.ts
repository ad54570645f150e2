import type { Clock } from '@parley/kernel/ids'
import type { BotSeats } from './bot-seats.js'
import { type Rate, RateWindow } from './rate-window.js'

/** Something to be done in a chat. */
export type Job = {
  /** Whose it is: jobs of one owner are done in the order in which they came. */
  readonly owner: string
  /** Edits of one message that wait may be done as one. */
  readonly mergeKey?: string
  /** Whether it may be done; false: it is over already. Never rejects. */
  readonly ready: Promise<boolean>
  /** Does it. Never rejects. */
  run(turn: Turn): Promise<void>
}

/** What the job whose turn it is may ask of its lane. */
export type Turn = {
  /** True when a call would have to wait. */
  isCrowded(isFinal: boolean): boolean
  /** Waits for room in the chat and in the whole bot. Rejects when the connector stops. */
  seat(isFinal: boolean): Promise<void>
  /** Nothing is sent to the chat for so long. */
  pause(ms: number): void
  /** Takes the waiting jobs of the same owner with this key out of the lane, in order. */
  merge(job: Job): Job[]
}

type Entry = { job: Job; isReady: boolean }

/**
 * One chat of one bot: one thing after the other, in order of arrival. Who is not known to be allowed yet does not hold up others: a
 * stranger's action must not delay the chat.
 */
export class Lane implements Turn {
  readonly #clock: Clock
  readonly #window: RateWindow
  readonly #seats: BotSeats
  readonly #stopped: AbortSignal
  readonly #onIdle: () => void
  #entries: Entry[] = []
  #isRunning = false
  #pausedUntil = 0

  constructor(parts: {
    clock: Clock
    rate: Rate
    seats: BotSeats
    stopped: AbortSignal
    onIdle: () => void
  }) {
    this.#clock = parts.clock
    this.#window = new RateWindow(parts.clock, parts.rate)
    this.#seats = parts.seats
    this.#stopped = parts.stopped
    this.#onIdle = parts.onIdle
  }

  set rate(rate: Rate) {
    this.#window.rate = rate
  }

  /** True while something else is done, or came before: the job will have to wait. */
  isBehind(job: Job): boolean {
    return this.#isRunning || (this.#entries[0]?.job ?? job) !== job
  }

  /** True when it remembers nothing that matters. */
  get isEmpty(): boolean {
    const isPaused = this.#pausedUntil > this.#clock.now()
    return !this.#isRunning && this.#entries.length === 0 && !isPaused && this.#window.isEmpty
  }

  countOf(owner: string): number {
    return this.#entries.filter(({ job }) => job.owner === owner).length
  }

  async add(job: Job): Promise<void> {
    const entry = { job, isReady: false }
    this.#entries.push(entry)
    entry.isReady = await job.ready
    if (!entry.isReady) this.#remove([entry])
    await this.#pump()
  }

  isCrowded(isFinal: boolean): boolean {
    return this.#waitMs(isFinal) > 0 || this.#seats.isFull(isFinal)
  }

  async seat(isFinal: boolean): Promise<void> {
    this.#stopped.throwIfAborted()
    for (let ms = this.#waitMs(isFinal); ms > 0; ms = this.#waitMs(isFinal))
      await this.#clock.sleep(ms, this.#stopped)
    await this.#seats.take(isFinal, this.#stopped)
    this.#window.take()
  }

  pause(ms: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, this.#clock.now() + ms)
  }

  merge({ owner, mergeKey }: Job): Job[] {
    if (mergeKey === undefined) return []
    const merged = this.#entries.filter(
      ({ job, isReady }) => isReady && job.owner === owner && job.mergeKey === mergeKey,
    )
    this.#remove(merged)
    return merged.map(({ job }) => job)
  }

  #waitMs(isFinal: boolean): number {
    return Math.max(this.#pausedUntil - this.#clock.now(), this.#window.waitMs(isFinal))
  }

  async #pump(): Promise<void> {
    if (this.#isRunning) return
    this.#isRunning = true
    for (let entry = this.#next(); entry; entry = this.#next()) {
      this.#remove([entry])
      await entry.job.run(this)
    }
    this.#isRunning = false
    if (this.#entries.length === 0) this.#onIdle()
  }

  /** The first that is allowed, unless an earlier one of the same owner is not known to be yet. */
  #next(): Entry | undefined {
    const waiting = new Set<string>()
    for (const entry of this.#entries) {
      if (entry.isReady && !waiting.has(entry.job.owner)) return entry
      waiting.add(entry.job.owner)
    }
    return undefined
  }

  #remove(gone: readonly Entry[]): void {
    this.#entries = this.#entries.filter((entry) => !gone.includes(entry))
  }
}
