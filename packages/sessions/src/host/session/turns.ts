import type { PromptQueueState, QueuedPromptResponse } from '../../protocol/index.js'
import { HostError } from '../errors.js'
import type { PromptQueue } from './prompt-queue.js'
import type { PromptItem } from './record.js'

/** A prompt that the agent works on. */
export type Turn = {
  readonly item: PromptItem
  /** True once its cancellation was asked for. */
  isCancelled: boolean
  /** True once the prompt was written to the agent. */
  isSent: boolean
  /** True once the agent has answered it. */
  isAnswered: boolean
}

/** Answer to a prompt: it runs, or it waits. */
export type PromptAnswer = { accepted: true; turnId: string } | QueuedPromptResponse

export type TurnsDeps = {
  queue: PromptQueue
  /** Makes the item of a prompt. */
  newItem(text: string): PromptItem
  /** Writes the record down. */
  save(): Promise<void>
  /** Works on a prompt until its turn has ended; rejects only for a fault. */
  work(turn: Turn): Promise<void>
  onFault(error: unknown): void
}

/** One turn at a time; what comes meanwhile waits (section 5.1). */
export class Turns {
  readonly #deps: TurnsDeps
  #running: Turn | undefined
  #isHeld = true
  #idle: Promise<void> = Promise.resolve()

  constructor(deps: TurnsDeps) {
    this.#deps = deps
  }

  get running(): Turn | undefined {
    return this.#running
  }

  get state(): PromptQueueState {
    return this.#deps.queue.state(this.#running !== undefined)
  }

  /** Starts no further turn until `go`: the agent can't take one. */
  hold(): void {
    this.#isHeld = true
  }

  go(): void {
    this.#isHeld = false
    this.#next()
    this.#tellIdle()
  }

  /** Resolves when the running turn, if any, has been dealt with. */
  settled(): Promise<void> {
    return this.#idle
  }

  /** Runs the prompt, or appends it to those that wait. Refuses with 429 when too many do. */
  async prompt(text: string): Promise<PromptAnswer> {
    const { queue } = this.#deps
    const item = this.#deps.newItem(text)
    const hasToWait = this.#running !== undefined || this.#isHeld || queue.isPaused || queue.size > 0
    if (!hasToWait) {
      const begun = this.#begin(item)
      queue.tellTurn(true)
      await begun
      return { accepted: true, turnId: item.queueId }
    }
    const position = queue.add(item)
    queue.tell(this.#running !== undefined)
    await this.#deps.save()
    return { queued: true, queueId: item.queueId, position }
  }

  /** Refuses with 404 the running prompt and unknown ones. */
  async remove(queueId: string): Promise<void> {
    if (!this.#deps.queue.remove(queueId))
      throw new HostError(404, `Queue item "${queueId}" not found or currently processing`)
    await this.#changed()
  }

  /** Resolves with how many waited. */
  async clear(): Promise<number> {
    const cleared = this.#deps.queue.clear()
    if (cleared > 0) await this.#changed()
    return cleared
  }

  /** Refuses with 400 what is no permutation of the waiting ids. */
  async reorder(order: readonly string[]): Promise<void> {
    this.#deps.queue.reorder(order)
    await this.#changed()
  }

  async pause(isPaused: boolean): Promise<void> {
    if (this.#deps.queue.isPaused === isPaused) return
    this.#deps.queue.setPaused(isPaused, this.#running !== undefined)
    await this.#deps.save()
    this.#next()
  }

  /** Nothing that waits will ever start. */
  forget(): void {
    this.hold()
    if (this.#deps.queue.clear() > 0) this.#deps.queue.tell(this.#running !== undefined)
    else if (!this.#running) this.#deps.queue.tellTurn(false)
  }

  async #changed(): Promise<void> {
    this.#deps.queue.tell(this.#running !== undefined)
    await this.#deps.save()
  }

  #next(): void {
    const { queue } = this.#deps
    if (this.#running || this.#isHeld || queue.isPaused) return
    const item = queue.take()
    if (!item) return
    const begun = this.#begin(item)
    queue.tell(true)
    begun.catch((error: unknown) => this.#deps.onFault(error))
  }

  /** Resolves when the record says that the turn runs; only then the agent is asked. */
  #begin(item: PromptItem): Promise<void> {
    const turn: Turn = { item, isCancelled: false, isSent: false, isAnswered: false }
    this.#running = turn
    const saved = this.#deps.save()
    this.#idle = saved
      .then(() => this.#deps.work(turn))
      .catch((error: unknown) => this.#deps.onFault(error))
      .then(() => this.#end())
    return saved
  }

  #end(): void {
    this.#running = undefined
    this.#deps.save().catch((error: unknown) => this.#deps.onFault(error))
    this.#next()
    this.#tellIdle()
  }

  /** WHY not while held: the next turn may begin once the agent is back. */
  #tellIdle(): void {
    if (!this.#running && !this.#isHeld) this.#deps.queue.tellTurn(false)
  }
}
