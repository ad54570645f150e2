import type { Clock, Stop } from '@parley/kernel/ids'
import type { SimEvent, SimUpdate } from './events.js'
import type { WorldFeed } from './feed.js'
import { simBounds } from './limits.js'

export type UpdatesOptions = {
  feed: WorldFeed
  clock: Clock
  /** Hands one update to the connector once. Rejects when it was not taken. */
  handOver(update: SimUpdate): Promise<void>
  onFault(error: unknown, where: string): void
}

type Lane = { queue: SimUpdate[]; arrived: () => void }

const firstPauseMs = 1_000
const longestPauseMs = 30_000
/** How long an update that is to come late waits for another one. */
const lateMs = 1_000
const lanesAtOnce = 32

/** Delivers updates until they are accepted: each chat's one after another, chats beside each other. */
export class Updates {
  readonly #options: UpdatesOptions
  readonly #lanes = new Map<string, Lane>()
  readonly #end = new AbortController()
  readonly #running = new Set<Promise<void>>()
  readonly #waiting: string[] = []
  #stopListening: Stop = () => {}

  constructor(options: UpdatesOptions) {
    this.#options = options
  }

  /** Call it when the feed is ready: begins with what nobody has accepted yet. */
  start(): void {
    this.#stopListening = this.#options.feed.listen({ event: (event) => this.#heard(event) })
    for (const update of this.#options.feed.world.updates.values()) this.#add(update)
  }

  async stop(): Promise<void> {
    this.#stopListening()
    this.#end.abort()
    this.#waiting.length = 0
    await Promise.all(this.#running)
  }

  #heard(event: SimEvent): void {
    if (event.type === 'sim.update.made') this.#add(event.update)
  }

  #add(update: SimUpdate): void {
    const lane = this.#lanes.get(update.chatId)
    if (lane) {
      lane.queue.push(update)
      lane.arrived()
      return
    }
    this.#lanes.set(update.chatId, { queue: [update], arrived: () => {} })
    this.#waiting.push(update.chatId)
    this.#runNext()
  }

  #runNext(): void {
    while (this.#running.size < lanesAtOnce) {
      const chatId = this.#waiting.shift()
      const lane = chatId === undefined ? undefined : this.#lanes.get(chatId)
      if (chatId === undefined || !lane) return
      const run = this.#runLane(lane).finally(() => {
        this.#lanes.delete(chatId)
        this.#running.delete(run)
        this.#runNext()
      })
      this.#running.add(run)
    }
  }

  async #runLane(lane: Lane): Promise<void> {
    while (lane.queue.length > 0 && !this.#end.signal.aborted) {
      const update = await this.#next(lane)
      if (update) await this.#deliver(update)
    }
  }

  async #next(lane: Lane): Promise<SimUpdate | undefined> {
    if (!lane.queue[0]?.isLate) return lane.queue.shift()
    if (lane.queue.length === 1) {
      const arrived = new Promise<void>((resolve) => {
        lane.arrived = resolve
      })
      await Promise.race([arrived, this.#pause(lateMs)])
    }
    const late = lane.queue.shift()
    const next = lane.queue.shift()
    if (late && next) lane.queue.unshift({ ...late, isLate: false })
    return next ?? late
  }

  async #deliver(update: SimUpdate): Promise<void> {
    const { feed, onFault } = this.#options
    let pauseMs = firstPauseMs
    while (!this.#end.signal.aborted) {
      try {
        await this.#handOver(update)
        await feed.commit([{ type: 'sim.update.accepted', updateId: update.id }])
        return
      } catch (error) {
        if (this.#end.signal.aborted) return
        onFault(error, 'simulator: an update was not accepted')
      }
      await this.#pause(pauseMs)
      pauseMs = Math.min(pauseMs * 2, longestPauseMs)
    }
  }

  async #handOver(update: SimUpdate): Promise<void> {
    const { clock, handOver, onFault } = this.#options
    if (clock.now() - update.at > simBounds.updateAgeMs) {
      onFault(new Error('an update of the simulator was given up after a day'), 'simulator: updates')
      return
    }
    await handOver(update)
    if (update.isDouble) await handOver(update)
  }

  /** Ends early, without an error, when it is stopped. */
  #pause(ms: number): Promise<void> {
    return this.#options.clock.sleep(ms, this.#end.signal).catch(() => {})
  }
}
