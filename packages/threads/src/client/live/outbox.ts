// Messages on their way. Each has a client id, so that sending one again stores it once (contract 2.4, 4.5).
import type { EventDraft, MessageEvent } from '../../protocol/index.js'
import { closedError } from '../failures.js'
import { ThreadsClientError } from '../threads-client-error.js'
import type { AnyThreadEvent, PendingItem, SendOptions } from '../types.js'
import { type Promised, promised } from './promised.js'

type Entry = {
  readonly draft: EventDraft
  readonly item: PendingItem
  readonly answer: Promised<MessageEvent>
  /** Attempts that nobody answered though the connection was there. */
  unanswered: number
  state: 'waiting' | 'stored' | 'failed'
}

export type OutboxParts = {
  /** Sends a draft. Rejects with a `ThreadsClientError`. */
  send(draft: EventDraft): Promise<MessageEvent>
  /** False while messages have to wait for the connection. */
  canSend(): boolean
  /** The server has stored it; the log may not have it yet. */
  onStored(event: MessageEvent): void
  changed(): void
  randomId(): string
}

const maxUnanswered = 3

/** Sends messages one after the other; those that can't be sent now wait, those that were refused stay. */
export class Outbox {
  readonly #parts: OutboxParts
  readonly #entries = new Map<string, Entry>()
  /** Client ids by the id of the event that came of them. */
  readonly #keys = new Map<string, string>()
  #value: readonly PendingItem[] = []
  #isSending = false
  #ended: ThreadsClientError | undefined

  constructor(parts: OutboxParts) {
    this.#parts = parts
  }

  /** In the order they were sent; the same array until something changes. */
  get value(): readonly PendingItem[] {
    return this.#value
  }

  /** An event that came of a message of ours goes by its client id, as the message did before. */
  keyOf({ id }: AnyThreadEvent): string {
    return this.#keys.get(id) ?? id
  }

  send(content: EventDraft['content'], options: SendOptions = {}): Promise<MessageEvent> {
    const clientId = options.clientId ?? this.#parts.randomId()
    const known = this.#entries.get(clientId)
    if (known) return known.state === 'failed' ? this.retry(clientId) : known.answer.promise
    const { recipients, metadata } = options
    return this.#put({
      client_id: clientId,
      content,
      ...(metadata && { metadata }),
      ...(recipients && { recipients: [...recipients] }),
    })
  }

  retry(clientId: string): Promise<MessageEvent> {
    const entry = this.#entries.get(clientId)
    if (!entry) return Promise.reject(new ThreadsClientError('not_found', 'no such message waits'))
    return entry.state === 'failed' ? this.#put(entry.draft) : entry.answer.promise
  }

  discard(clientId: string): void {
    const entry = this.#entries.get(clientId)
    if (!entry || entry.state === 'stored') return
    entry.answer.reject(closedError('the message'))
    this.#remove(clientId)
  }

  /** The log has an event: when it is one of ours, it waits no more. */
  settle(event: AnyThreadEvent): void {
    const entry = event.client_id === null ? undefined : this.#entries.get(event.client_id)
    if (!entry || event.client_id === null || event.type !== 'message') return
    this.#keys.set(event.id, event.client_id)
    // The cast: the type of the event has just been looked at.
    entry.answer.resolve(event as MessageEvent)
    this.#remove(event.client_id)
  }

  /** Sends what waits. Call it when the connection is back. */
  flush(): void {
    if (!this.#isSending) void this.#sendAll()
  }

  /** Everything that waits fails, and so does what comes later. */
  end(error: ThreadsClientError): void {
    this.#ended = error
    for (const [clientId, entry] of this.#entries) if (entry.state === 'waiting') this.#fail(clientId, error)
  }

  #put(draft: EventDraft): Promise<MessageEvent> {
    // The cast: drafts get their client id above.
    const clientId = draft.client_id as string
    const { content, recipients = null } = draft
    const item: PendingItem = { key: clientId, kind: 'pending', clientId, content, recipients }
    const answer = promised<MessageEvent>()
    this.#entries.set(clientId, { draft, item, answer, unanswered: 0, state: 'waiting' })
    this.#changed()
    if (this.#ended) this.#fail(clientId, this.#ended)
    else this.flush()
    return answer.promise
  }

  async #sendAll(): Promise<void> {
    this.#isSending = true
    for (let next = this.#next(); next && this.#parts.canSend(); next = this.#next())
      await this.#send(...next)
    this.#isSending = false
  }

  #next(): [string, Entry] | undefined {
    return [...this.#entries].find(([, { state }]) => state === 'waiting')
  }

  async #send(clientId: string, entry: Entry): Promise<void> {
    try {
      const event = await this.#parts.send(entry.draft)
      entry.answer.resolve(event)
      if (this.#entries.get(clientId) !== entry) return
      entry.state = 'stored'
      this.#parts.onStored(event)
    } catch (error) {
      // The cast: `send` promises it.
      this.#notSent(clientId, entry, error as ThreadsClientError)
    }
  }

  /** Without an answer it may have arrived: the same client id makes it safe to send again. */
  #notSent(clientId: string, entry: Entry, error: ThreadsClientError): void {
    if (this.#entries.get(clientId) !== entry || entry.state !== 'waiting') return
    const isUnanswered = error.code === 'network' || error.code === 'offline'
    if (isUnanswered && this.#parts.canSend()) entry.unanswered += 1
    if (!isUnanswered || entry.unanswered >= maxUnanswered) this.#fail(clientId, error)
  }

  #fail(clientId: string, error: ThreadsClientError): void {
    const entry = this.#entries.get(clientId)
    if (!entry) return
    this.#entries.set(clientId, { ...entry, state: 'failed', item: { ...entry.item, error } })
    entry.answer.reject(error)
    this.#changed()
  }

  #remove(clientId: string): void {
    this.#entries.delete(clientId)
    this.#changed()
  }

  #changed(): void {
    this.#value = [...this.#entries.values()].map(({ item }) => item)
    this.#parts.changed()
  }
}
