import type { TimelineItem } from './items.js'

/** Items in order. Readers get a copy, made when they ask: a thousand events in one turn cost one. */
export class ItemList {
  readonly #items: TimelineItem[] = []
  #shared: readonly TimelineItem[] | undefined
  #made = 0

  /** The same array until something changes. */
  get value(): readonly TimelineItem[] {
    this.#shared ??= this.#items.slice()
    return this.#shared
  }

  get last(): TimelineItem | undefined {
    return this.#items.at(-1)
  }

  /** A key that no other item has. */
  nextKey(kind: string): string {
    return `${kind}:${++this.#made}`
  }

  /** Adds an item and answers its place. */
  add(item: TimelineItem): number {
    this.#shared = undefined
    return this.#items.push(item) - 1
  }

  at(place: number): TimelineItem | undefined {
    return this.#items[place]
  }

  replace(place: number, item: TimelineItem): void {
    this.#shared = undefined
    this.#items[place] = item
  }
}
