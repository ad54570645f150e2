import { isNumbered } from '../received.js'
import type { AnyThreadEvent } from '../types.js'

/** What a change of the log added at its end, in order. `isRebuilt`: it changed elsewhere as well. */
export type LogChange = { added: readonly AnyThreadEvent[]; isRebuilt: boolean }

const unchanged: LogChange = { added: [], isRebuilt: false }
const maxEarly = 1_000

/** The part of a thread's log that is here: each event once, by `seq`, without a gap. */
export class EventLog {
  #events: AnyThreadEvent[] = []
  #shared: readonly AnyThreadEvent[] | undefined
  readonly #ids = new Set<string>()
  /** Events that came before their predecessors, by `seq`. */
  readonly #early = new Map<number, AnyThreadEvent>()
  #highest = 0

  /** The same array until something changes. */
  get events(): readonly AnyThreadEvent[] {
    this.#shared ??= [...this.#events]
    return this.#shared
  }

  get oldest(): AnyThreadEvent | undefined {
    return this.#events[0]
  }

  get newest(): AnyThreadEvent | undefined {
    return this.#events.at(-1)
  }

  /** True while an event is known to be missing. */
  get isBehind(): boolean {
    return this.#highest > (this.newest?.seq ?? 0)
  }

  hasId(id: string): boolean {
    return this.#ids.has(id)
  }

  /** True for what is here, and for what is too old to be here. */
  has({ id, seq }: AnyThreadEvent): boolean {
    return this.#ids.has(id) || seq <= (this.oldest?.seq ?? 0)
  }

  /** True for what may be added at the end without leaving something out. */
  isNext(event: AnyThreadEvent): boolean {
    return !isNumbered(event) || event.seq === (this.newest?.seq ?? 0) + 1
  }

  /** Takes an event that was pushed: one that leaves a gap is kept until the gap is filled. */
  push(event: AnyThreadEvent): LogChange {
    if (this.has(event)) return unchanged
    if (this.isNext(event)) return this.append([event])
    if (event.seq <= (this.newest?.seq ?? 0)) return unchanged
    this.#highest = Math.max(this.#highest, event.seq)
    if (this.#early.size < maxEarly) this.#early.set(event.seq, event)
    return unchanged
  }

  /** Takes events that the server read for us, oldest first: it knows of none between them. */
  append(events: readonly AnyThreadEvent[]): LogChange {
    const added: AnyThreadEvent[] = []
    let isRebuilt = false
    for (const event of events) {
      if (this.has(event)) continue
      const isLast = !this.newest || isBefore(this.newest, event)
      if (!isLast && isNumbered(event)) continue
      isRebuilt ||= !isLast
      this.#add(event, isLast)
      added.push(event)
    }
    return { added: [...added, ...this.#takeEarly()], isRebuilt }
  }

  /** Takes what lies before the oldest event here, oldest first. */
  prepend(events: readonly AnyThreadEvent[]): LogChange {
    const older = events.filter(({ id }) => !this.#ids.has(id))
    if (older.length === 0) return unchanged
    for (const { id } of older) this.#ids.add(id)
    this.#events = [...older, ...this.#events]
    this.#shared = undefined
    return { added: [], isRebuilt: true }
  }

  /** The server does not have what is missing: goes on with what came. */
  skipMissing(): LogChange {
    const early = [...this.#early.values()].toSorted((a, b) => a.seq - b.seq)
    this.#early.clear()
    const change = this.append(early)
    this.#highest = this.newest?.seq ?? 0
    return change
  }

  #add(event: AnyThreadEvent, isLast: boolean): void {
    this.#shared = undefined
    this.#ids.add(event.id)
    this.#events.push(event)
    if (!isLast) this.#events.sort((a, b) => (isBefore(a, b) ? -1 : 1))
  }

  #takeEarly(): AnyThreadEvent[] {
    const taken: AnyThreadEvent[] = []
    for (const seq of this.#early.keys()) if (seq <= (this.newest?.seq ?? 0)) this.#early.delete(seq)
    for (;;) {
      const next = this.#early.get((this.newest?.seq ?? 0) + 1)
      if (!next) return taken
      this.#early.delete(next.seq)
      this.#add(next, true)
      taken.push(next)
    }
  }
}

/** By `seq`; times that stand for one may be equal. */
function isBefore(one: AnyThreadEvent, other: AnyThreadEvent): boolean {
  return one.seq < other.seq || (one.seq === other.seq && one.id < other.id)
}
