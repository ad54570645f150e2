import { limits, type MessageEvent } from '../protocol/index.js'

/** What an event is known by (contract 4.7); undefined for those that are never taken for the same. */
export function eventKey({ source, message_id }: MessageEvent): string | undefined {
  return message_id && source.chat_id ? `${source.platform}:${source.chat_id}:${message_id}` : undefined
}

/** The newest few keys, oldest forgotten first. */
export class Seen {
  readonly #keys = new Set<string>()
  readonly #size: number

  constructor(size: number = limits.seenMessages) {
    this.#size = size
  }

  has(key: string): boolean {
    return this.#keys.has(key)
  }

  add(key: string): void {
    this.#keys.delete(key)
    this.#keys.add(key)
    for (const oldest of this.#keys) {
      if (this.#keys.size <= this.#size) return
      this.#keys.delete(oldest)
    }
  }
}
