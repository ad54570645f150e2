import type { Clock, Stop } from '@parley/kernel/ids'
import type { PresenceWord } from '../service/presence-words.js'

/** How long a word counts: two lost repetitions are borne. */
const countsForMs = 45_000

export type OnlineElsewhereOptions = {
  clock: Clock
  /** Called when words have become too old. */
  onForgotten(): void
}

/** Who is in other rooms of a thread, as these rooms have told it. A room that falls silent is forgotten. */
export class OnlineElsewhere {
  readonly #options: OnlineElsewhereOptions
  /** Until when a room's word counts (milliseconds since 1970), by identity id and room. */
  readonly #until = new Map<string, Map<string, number>>()
  #stopTimer: Stop | undefined

  constructor(options: OnlineElsewhereOptions) {
    this.#options = options
  }

  get ids(): Iterable<string> {
    return this.#until.keys()
  }

  hear({ from, online = [], offline = [] }: PresenceWord): void {
    const until = this.#options.clock.now() + countsForMs
    for (const id of online) {
      const rooms = this.#until.get(id) ?? new Map<string, number>()
      this.#until.set(id, rooms.set(from, until))
    }
    for (const id of offline) this.#forget(id, from)
    this.#arm()
  }

  close(): void {
    this.#stopTimer?.()
    this.#stopTimer = undefined
  }

  #forget(id: string, from: string): void {
    const rooms = this.#until.get(id)
    rooms?.delete(from)
    if (rooms?.size === 0) this.#until.delete(id)
  }

  #arm(): void {
    if (this.#stopTimer || this.#until.size === 0) return
    const { clock } = this.#options
    const times = [...this.#until.values()].flatMap((rooms) => [...rooms.values()])
    const earliest = times.reduce((a, b) => Math.min(a, b))
    this.#stopTimer = clock.after(earliest - clock.now(), () => {
      this.#stopTimer = undefined
      this.#forgetPast()
      this.#arm()
    })
  }

  #forgetPast(): void {
    const { clock, onForgotten } = this.#options
    for (const [id, rooms] of this.#until)
      for (const [from, until] of rooms) if (until <= clock.now()) this.#forget(id, from)
    onForgotten()
  }
}
