import type { Entry } from './entry.js'

/** Bounds of what is kept of a stream in memory. */
export type RecentLimits = { events: number; bytes: number }

/** The newest events of a stream with their frames, without a gap; the oldest go first. */
export class Recent<Audience> {
  readonly #limits: RecentLimits
  #entries: Entry<Audience>[] = []
  #bytes = 0

  constructor(limits: RecentLimits) {
    this.#limits = limits
  }

  /** Adds the next event. One that does not follow the last starts over. */
  push(entry: Entry<Audience>): void {
    const last = this.#entries.at(-1)
    if (last && entry.seq !== last.seq + 1) this.clear()
    this.#entries.push(entry)
    this.#bytes += entry.event.body.length
    while (this.#entries.length > this.#limits.events || this.#bytes > this.#limits.bytes) this.#dropOldest()
  }

  /** Everything after `seq` up to `head`; undefined when some of it is not here. */
  between(seq: number, head: number): readonly Entry<Audience>[] | undefined {
    const [first] = this.#entries
    if (!first || seq < first.seq - 1 || seq > head || this.#entries.at(-1)?.seq !== head) return undefined
    return this.#entries.slice(seq + 1 - first.seq)
  }

  find(seq: number): Entry<Audience> | undefined {
    const [first] = this.#entries
    return first && this.#entries[seq - first.seq]
  }

  clear(): void {
    this.#entries = []
    this.#bytes = 0
  }

  #dropOldest(): void {
    const entry = this.#entries.shift()
    this.#bytes -= entry?.event.body.length ?? 0
  }
}
