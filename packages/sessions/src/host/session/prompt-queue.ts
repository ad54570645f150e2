import { type PromptQueueState, sessionEvents } from '../../protocol/index.js'
import { HostError } from '../errors.js'
import type { PromptItem } from './record.js'

export type PromptQueueOptions = {
  max: number
  items: readonly PromptItem[]
  isPaused: boolean
  emit(type: string, data: Record<string, unknown>): void
}

/** The prompts of a session that wait, and whether they may start. */
export class PromptQueue {
  readonly #options: PromptQueueOptions
  #items: PromptItem[]
  #isPaused: boolean
  /** What was told last of whether a turn runs; undefined: nothing yet. */
  #told: boolean | undefined

  constructor(options: PromptQueueOptions) {
    this.#options = options
    this.#items = [...options.items]
    this.#isPaused = options.isPaused
  }

  get items(): readonly PromptItem[] {
    return this.#items
  }

  get size(): number {
    return this.#items.length
  }

  get isPaused(): boolean {
    return this.#isPaused
  }

  state(processing: boolean): PromptQueueState {
    const items = this.#items.map((item, position) => ({ ...item, position }))
    return { processing, paused: this.#isPaused, items, size: items.length }
  }

  /** The position, from 0. */
  add(item: PromptItem): number {
    const { max } = this.#options
    if (this.#items.length >= max) throw new HostError(429, `Queue is full (max ${max} items)`)
    return this.#items.push(item) - 1
  }

  take(): PromptItem | undefined {
    return this.#items.shift()
  }

  /** False when it does not wait. */
  remove(queueId: string): boolean {
    const index = this.#items.findIndex((item) => item.queueId === queueId)
    if (index >= 0) this.#items.splice(index, 1)
    return index >= 0
  }

  /** How many there were. */
  clear(): number {
    return this.#items.splice(0).length
  }

  reorder(order: readonly string[]): void {
    if (order.length !== this.#items.length)
      throw new HostError(400, `Order has ${order.length} ids, the queue has ${this.#items.length} items`)
    const byId = new Map(this.#items.map((item) => [item.queueId, item]))
    const items = order.map((queueId) => {
      const item = byId.get(queueId)
      if (!item) throw new HostError(400, `Unknown or repeated queue item "${queueId}"`)
      byId.delete(queueId)
      return item
    })
    this.#items = items
  }

  setPaused(isPaused: boolean, processing: boolean): void {
    this.#isPaused = isPaused
    this.#options.emit(isPaused ? sessionEvents.queuePaused : sessionEvents.queueResumed, {})
    this.tell(processing)
  }

  /** Emits the state if what was told of turns is not true any more. Nobody who never used the queue hears of it. */
  tellTurn(processing: boolean): void {
    if (this.#told === !processing) this.tell(processing)
  }

  /** Emits the state as it is now. */
  tell(processing: boolean): void {
    this.#told = processing
    this.#options.emit(sessionEvents.queueUpdated, { ...this.state(processing) })
  }
}
