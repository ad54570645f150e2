import type { StreamEnd, StreamStart } from '../../protocol/index.js'
import type { Delta } from '../socket/frames.js'
import type { StreamingItem } from '../types.js'

const maxStreams = 100

/** What assistants are writing, until the log has it. */
export class Streams {
  readonly #items = new Map<string, StreamingItem>()
  /** Streams from before the connection broke, until the server speaks of them again. */
  readonly #stale = new Set<string>()
  #value: readonly StreamingItem[] = []

  /** In the order they began; the same array until something changes. */
  get value(): readonly StreamingItem[] {
    return this.#value
  }

  start({ event_id, run_id, author, target_type }: StreamStart): void {
    this.#stale.delete(event_id)
    if (this.#items.has(event_id) || this.#items.size >= maxStreams) return
    const item = { key: event_id, runId: run_id, author, target: target_type, text: '' }
    this.#set(event_id, { kind: 'streaming', ...item })
  }

  /** One that starts behind the end is left alone: the server sends all of the text when it notices. */
  delta({ event_id, offset, text }: Delta): void {
    const item = this.#items.get(event_id)
    const from = offset ?? item?.text.length ?? 0
    if (!item || from > item.text.length) return
    this.#set(event_id, { ...item, text: item.text.slice(0, from) + text })
  }

  /** One that ended well stays until its event is there. */
  end({ event_id, error }: StreamEnd): void {
    if (error) this.forget(event_id)
  }

  /** Its event is there, or never comes. */
  forget(eventId: string): void {
    this.#stale.delete(eventId)
    if (this.#items.delete(eventId)) this.#value = [...this.#items.values()]
  }

  /** What a run did not store, it never will. */
  forgetRun(runId: string): void {
    for (const [id, item] of this.#items) if (item.runId === runId) this.forget(id)
  }

  /** The connection broke: ends may be missed. */
  doubt(): void {
    for (const id of this.#items.keys()) this.#stale.add(id)
  }

  /** The connection is back: forgets the doubtful ones of runs that are over. */
  settle(activeRunIds: ReadonlySet<string>): void {
    for (const id of this.#stale) {
      const item = this.#items.get(id)
      if (!item || !activeRunIds.has(item.runId)) this.forget(id)
    }
  }

  #set(id: string, item: StreamingItem): void {
    this.#items.set(id, item)
    this.#value = [...this.#items.values()]
  }
}
