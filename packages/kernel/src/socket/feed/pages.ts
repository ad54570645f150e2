import type { StreamId } from '../../ids/index.js'
import type { Log } from '../../log/index.js'
import { type Encode, Entry } from './entry.js'

/** A page of a stream, ready to be sent. `head` and `first` as in the log's `Page`. */
export type EntryPage<Audience> = { entries: readonly Entry<Audience>[]; head: number; first: number }

/**
 * Reads a stream's history. Sockets that ask for the same page while it is being read share the read and the frames:
 * a thousand that come back at once after a restart cost one.
 */
export class Pages<Audience> {
  readonly #reads = new Map<number, Promise<EntryPage<Audience>>>()
  readonly #log: Pick<Log, 'read'>
  readonly #stream: StreamId
  readonly #encode: Encode<Audience>
  readonly #limit: number

  constructor(log: Pick<Log, 'read'>, stream: StreamId, encode: Encode<Audience>, limit: number) {
    this.#log = log
    this.#stream = stream
    this.#encode = encode
    this.#limit = limit
  }

  read(after: number): Promise<EntryPage<Audience>> {
    const known = this.#reads.get(after)
    if (known) return known
    const read = this.readFresh(after).finally(() => this.#reads.delete(after))
    this.#reads.set(after, read)
    return read
  }

  /** A read that begins now, so that it knows of everything that was stored before. */
  async readFresh(after: number): Promise<EntryPage<Audience>> {
    const { events, head, first } = await this.#log.read(this.#stream, { after, limit: this.#limit })
    return { entries: events.map((event) => new Entry(event, this.#encode)), head, first }
  }
}
