import type { Clock } from '@parley/kernel/ids'

/** Something that the gateway has handed over and that must be stored. */
export type Job = {
  shardId: number
  sequence: number
  /** Rejects when it could not be stored: it is tried again. */
  run(): Promise<void>
}

export type IntakeOptions = {
  clock: Clock
  onFault(error: unknown, where: string): void
  /** One more was stored, or given up. */
  onDone(): void
}

const [firstPauseMs, longestPauseMs] = [1_000, 30_000]
/** What can't be stored for so long holds up everything behind it: it is given up, and told as a fault. */
const giveUpMs = 900_000
/** LIMIT: events that wait in memory; beyond that the gateway has to keep them. */
const maxWaiting = 1_000

/** Stores one event after another, in the order of the gateway, each until it is stored. */
export class Intake {
  readonly #options: IntakeOptions
  readonly #waiting: (Job & { at: number })[] = []
  readonly #end = new AbortController()
  #running: Promise<void> | undefined

  constructor(options: IntakeOptions) {
    this.#options = options
  }

  get isFull(): boolean {
    return this.#waiting.length >= maxWaiting
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0
  }

  /** The first event of a shard that is not stored yet. */
  firstOf(shardId: number): number | undefined {
    return this.#waiting.find((job) => job.shardId === shardId)?.sequence
  }

  push(job: Job): void {
    if (this.#end.signal.aborted) return
    this.#waiting.push({ ...job, at: this.#options.clock.now() })
    this.#running ??= this.#run()
  }

  /** Begins nothing more. What is not stored stays as it was, for the next start. */
  async stop(): Promise<void> {
    this.#end.abort()
    await this.#running
  }

  async #run(): Promise<void> {
    try {
      for (let job = this.#waiting[0]; job && !this.#end.signal.aborted; job = this.#waiting[0]) {
        if (!(await this.#store(job))) return
        this.#waiting.shift()
        this.#options.onDone()
      }
    } finally {
      // INVARIANT: in the same turn in which nothing was found to wait, or what is pushed next would wait for ever.
      this.#running = undefined
    }
  }

  /** False when it was stopped before that. */
  async #store(job: Job & { at: number }): Promise<boolean> {
    const { clock, onFault } = this.#options
    let pauseMs = firstPauseMs
    while (!this.#end.signal.aborted) {
      try {
        await job.run()
        return true
      } catch (error) {
        onFault(error, 'discord: a message was not stored')
      }
      if (clock.now() - job.at > giveUpMs) return true
      await clock.sleep(pauseMs, this.#end.signal).catch(() => {})
      pauseMs = Math.min(pauseMs * 2, longestPauseMs)
    }
    return false
  }
}
