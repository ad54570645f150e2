import type { SimTyping } from '../sim-port.js'
import type { SimEvent } from './events.js'
import type { Sim } from './sim.js'

const mostChats = 1_000

/** Where the bot seems to be writing. Not in the log: it is over in seconds, and a lost one harms nobody. */
export class Typing {
  readonly #sim: Sim
  readonly #until = new Map<string, number>()

  constructor(sim: Sim) {
    this.#sim = sim
    sim.feed.listen({ event: (event) => this.#heard(event), signal: (payload) => this.#told(payload) })
  }

  list(): SimTyping[] {
    const now = this.#sim.clock.now()
    for (const [chatId, until] of this.#until) if (until <= now) this.#until.delete(chatId)
    return [...this.#until].map(([chatId, until]) => ({ chatId, until }))
  }

  #told(payload: string): void {
    const { chatId, until } = JSON.parse(payload) as SimTyping
    if (this.#until.size < mostChats || this.#until.has(chatId)) this.#until.set(chatId, until)
  }

  /** A message ends it. */
  #heard(event: SimEvent): void {
    if (event.type === 'sim.message.posted' && event.message.userId === null)
      this.#until.delete(event.message.chatId)
  }
}
