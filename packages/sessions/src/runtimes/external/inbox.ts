// Events that arrived and are not stored yet: in order, each once, bounded.

import { sessionEvents, type WireEvent } from '../../protocol/index.js'
import { type HostFrame, isPassing } from './frames.js'

type Numbered = { position: number; event: WireEvent; chars: number }

const [maxChars, batchSize, lossChars] = [4 * 1024 * 1024, 200, 100]

/** The events of one connection. */
export class Inbox {
  readonly #sessionId: string
  /** Of the last event that was stored or is in here. */
  #position: number
  /** Events of the per-session protocol so far: it has no numbers, and begins with the whole history. */
  #counted = 0
  #waiting: Numbered[] = []
  #chars = 0

  constructor(sessionId: string, position: number) {
    this.#sessionId = sessionId
    this.#position = position
  }

  get isFull(): boolean {
    return this.#chars > maxChars
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0
  }

  /** Takes an event in, unless it was taken before or is another session's. */
  add(
    { seq, sessionId, event }: HostFrame & { kind: 'event' },
    protocol: 'channels' | 'session',
    chars: number,
  ): void {
    if (protocol === 'channels' && (sessionId !== this.#sessionId || seq === undefined)) return
    const position = protocol === 'channels' ? (seq ?? 0) : ++this.#counted
    // 0 is no number: an answer to somebody.
    if (position <= this.#position) return
    this.#position = position
    if (!isPassing(event)) this.#push({ position, event, chars })
  }

  /** Says in the session that its host has forgotten events which nobody has stored. */
  addLoss(now: number): void {
    const event = {
      type: sessionEvents.error,
      data: { message: 'events lost' },
      timestamp: new Date(now).toISOString(),
    }
    this.#push({ position: this.#position, event, chars: lossChars })
  }

  /** The oldest of what waits, and the number up to which all is among it. */
  next(): { events: WireEvent[]; position: number } {
    const batch = this.#waiting.slice(0, batchSize)
    return { events: batch.map(({ event }) => event), position: batch.at(-1)?.position ?? this.#position }
  }

  /** The first `count` are stored. */
  drop(count: number): void {
    for (const { chars } of this.#waiting.splice(0, count)) this.#chars -= chars
  }

  #push(one: Numbered): void {
    this.#waiting.push(one)
    this.#chars += one.chars
  }
}
