// Prompts on their way: shown at once, gone when the agent or its queue has them.
import { networkError } from '../failures.js'
import { SessionsClientError } from '../sessions-client-error.js'
import type { PendingItem } from '../timeline/items.js'
import type { SessionCalls } from '../types.js'

type Sent = Awaited<ReturnType<SessionCalls['sendPrompt']>>

export type PromptsParts = {
  send(text: string): Promise<Sent>
  /** ISO. */
  now(): string
  changed(): void
}

export class Prompts {
  readonly #parts: PromptsParts
  readonly #items = new Map<string, PendingItem>()
  #value: readonly PendingItem[] = []
  #made = 0

  constructor(parts: PromptsParts) {
    this.#parts = parts
  }

  /** In the order they were sent; the same array until something changes. */
  get value(): readonly PendingItem[] {
    return this.#value
  }

  async send(text: string): Promise<Sent> {
    const key = `pending:${++this.#made}`
    this.#set({ key, at: this.#parts.now(), kind: 'pending', text, state: 'sending' })
    try {
      const answer = await this.#parts.send(text)
      // Accepted ones stay until their turn begins: that is an event.
      if (!('accepted' in answer)) this.#remove(key)
      return answer
    } catch (error) {
      throw this.#failed(key, networkError('Prompt failed', error))
    }
  }

  retry(key: string): Promise<Sent> {
    const item = this.#items.get(key)
    if (item?.state !== 'failed')
      return Promise.reject(new SessionsClientError('not_found', 'no such prompt waits'))
    this.#remove(key)
    return this.send(item.text)
  }

  discard(key: string): void {
    if (this.#items.get(key)?.state === 'failed') this.#remove(key)
  }

  /** A turn began with this text, or it waits in the queue. */
  settle(text: string): void {
    for (const [key, item] of this.#items)
      if (item.state === 'sending' && item.text === text) return void this.#remove(key)
  }

  #failed(key: string, error: SessionsClientError): SessionsClientError {
    const item = this.#items.get(key)
    // One whose turn has begun did arrive, whatever became of the answer.
    if (item) this.#set({ ...item, state: 'failed', error })
    return error
  }

  #set(item: PendingItem): void {
    this.#items.set(item.key, item)
    this.#changed()
  }

  #remove(key: string): void {
    if (this.#items.delete(key)) this.#changed()
  }

  #changed(): void {
    this.#value = [...this.#items.values()]
    this.#parts.changed()
  }
}
