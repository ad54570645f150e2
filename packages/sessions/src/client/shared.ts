type Entry<T> = { value: T; followers: number }

export type SharedParts<T> = {
  open(key: string): T
  close(value: T): void
  /** True for one that nobody new may join. */
  isOver?(value: T): boolean
}

/** Things that live as long as somebody follows them; who asks for the same key gets the same one. */
export class Shared<T> {
  readonly #parts: SharedParts<T>
  readonly #entries = new Map<string, Entry<T>>()

  constructor(parts: SharedParts<T>) {
    this.#parts = parts
  }

  get values(): T[] {
    return [...this.#entries.values()].map(({ value }) => value)
  }

  /** `leave` is to be called once. */
  join(key: string): { value: T; leave(): void } {
    const entry = this.#find(key) ?? { value: this.#parts.open(key), followers: 0 }
    this.#entries.set(key, entry)
    entry.followers += 1
    return { value: entry.value, leave: () => this.#leave(key, entry) }
  }

  clear(): void {
    this.#entries.clear()
  }

  #find(key: string): Entry<T> | undefined {
    const entry = this.#entries.get(key)
    return entry && this.#parts.isOver?.(entry.value) ? undefined : entry
  }

  #leave(key: string, entry: Entry<T>): void {
    entry.followers -= 1
    // WHY not at once: a view that is taken down and put up again in one turn keeps what it had.
    queueMicrotask(() => {
      if (entry.followers > 0) return
      if (this.#entries.get(key) === entry) this.#entries.delete(key)
      this.#parts.close(entry.value)
    })
  }
}
