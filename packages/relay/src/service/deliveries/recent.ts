import type { StoredEvent } from '@parley/kernel/log'

const most = { events: 64, chars: 256 * 1024 }

/** Texts of frames that have just been appended: nearly always they need not be read again. Forgets all when there are too many. */
export class Recent {
  #texts = new Map<string, string>()
  #chars = 0

  add(events: readonly StoredEvent[]): void {
    for (const { id, body } of events) {
      if (this.#texts.size >= most.events || this.#chars + body.length > most.chars) this.clear()
      if (body.length > most.chars) continue
      this.#texts.set(id, body)
      this.#chars += body.length
    }
  }

  find(bufferId: string): string | undefined {
    return this.#texts.get(bufferId)
  }

  forget(bufferId: string): void {
    this.#chars -= this.#texts.get(bufferId)?.length ?? 0
    this.#texts.delete(bufferId)
  }

  clear(): void {
    this.#texts = new Map()
    this.#chars = 0
  }
}
