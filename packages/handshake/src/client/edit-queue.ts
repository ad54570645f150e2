/** A field as the user left it. Two edits are the same only when they are the same object. */
export type Edit = { readonly key: string; readonly value: unknown }

/** User edits that the server does not have yet: oldest first, one for each key, the last one wins. */
export class EditQueue {
  readonly #edits = new Map<string, Edit>()
  readonly #limit: number

  constructor(limit: number) {
    this.#limit = limit
  }

  get size(): number {
    return this.#edits.size
  }

  has(key: string): boolean {
    return this.#edits.has(key)
  }

  first(): Edit | undefined {
    return this.#edits.values().next().value
  }

  /** Adds an edit at the end, in place of an earlier one of its key. Returns what no longer fits. */
  put(edit: Edit): Edit | undefined {
    this.#edits.delete(edit.key)
    this.#edits.set(edit.key, edit)
    const oldest = this.first()
    if (this.#edits.size <= this.#limit || !oldest) return undefined
    this.#edits.delete(oldest.key)
    return oldest
  }

  clear(): void {
    this.#edits.clear()
  }

  /** Takes an edit out, unless a newer one of its key has come since. */
  remove(edit: Edit): void {
    if (this.#edits.get(edit.key) === edit) this.#edits.delete(edit.key)
  }
}
