import type { Clock } from '@parley/kernel/ids'
import type { OpenBot } from '../deps.js'
import { BotSeats } from './bot-seats.js'
import { Lane } from './lane.js'

const firstSweep = 500

/** The lanes of all chats. One that has nothing to do and nothing to remember is forgotten. */
export class Lanes {
  readonly #clock: Clock
  readonly #stopped: AbortSignal
  readonly #lanes = new Map<string, Lane>()
  readonly #bots = new Map<string, BotSeats>()
  #sweepAt = firstSweep

  constructor(clock: Clock, stopped: AbortSignal) {
    this.#clock = clock
    this.#stopped = stopped
  }

  /** How many are remembered. */
  get size(): number {
    return this.#lanes.size
  }

  /** `place`: a chat, or something else that has an order of its own. */
  of({ row, bot }: OpenBot, place: string): Lane {
    const name = JSON.stringify([row.platform, row.botId, place])
    const rate = bot.rateOf?.(place) ?? bot.limits.chatRate
    const known = this.#lanes.get(name)
    if (known) {
      known.rate = rate
      return known
    }
    if (this.#lanes.size >= this.#sweepAt) this.#sweep()
    const onIdle = () => this.#forget(name)
    const parts = { clock: this.#clock, rate, stopped: this.#stopped, onIdle }
    const lane = new Lane({ ...parts, seats: this.#seatsOf({ row, bot }) })
    this.#lanes.set(name, lane)
    return lane
  }

  #seatsOf({ row, bot }: Pick<OpenBot, 'row' | 'bot'>): BotSeats {
    const name = JSON.stringify([row.platform, row.botId])
    const rate = bot.limits.botRate
    const seats = this.#bots.get(name) ?? new BotSeats(this.#clock, rate)
    seats.rate = rate
    this.#bots.set(name, seats)
    return seats
  }

  #forget(name: string): void {
    if (this.#lanes.get(name)?.isEmpty) this.#lanes.delete(name)
  }

  #sweep(): void {
    for (const name of this.#lanes.keys()) this.#forget(name)
    this.#sweepAt = Math.max(firstSweep, this.#lanes.size * 2)
  }
}
