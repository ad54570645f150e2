import type { StoredEvent } from '../../log/index.js'
import { type PreparedFrame, prepareFrame } from '../prepared-frame.js'

/** The text a socket of this audience gets for an event; undefined when it gets none. */
export type Encode<Audience> = (event: StoredEvent, audience: Audience) => string | undefined

/** An event with the frames that were made of it, at most one for each audience. */
export class Entry<Audience> {
  readonly event: StoredEvent
  /** Sockets it was handed to live. */
  delivered = 0
  readonly #frames = new Map<Audience, PreparedFrame | undefined>()
  readonly #encode: Encode<Audience>

  constructor(event: StoredEvent, encode: Encode<Audience>) {
    this.event = event
    this.#encode = encode
  }

  get seq(): number {
    return this.event.seq
  }

  frameFor(audience: Audience): PreparedFrame | undefined {
    if (this.#frames.has(audience)) return this.#frames.get(audience)
    const text = this.#encode(this.event, audience)
    const frame = text === undefined ? undefined : prepareFrame(text)
    this.#frames.set(audience, frame)
    return frame
  }
}
