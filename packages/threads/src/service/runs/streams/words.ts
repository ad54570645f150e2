// What nodes tell each other about text that is being written, beside the log: nothing of it is stored, and each word
// may be lost. A stream's final text is in its event.
import type { Identity } from '../../../protocol/index.js'

/** A run begins to write what will be the event `event_id`. Told again to those who missed it. */
export type StreamBegun = {
  changed: 'stream.begun'
  event_id: string
  run_id: string
  target_type: 'message' | 'reasoning'
  author: Identity
}

/** From `offset` on (units of a JavaScript string) the text is `text`. What is told again overlaps with what was told. */
export type StreamWritten = { changed: 'stream.written'; event_id: string; offset: number; text: string }

/** Somebody has so much of these streams (units by event id), and nothing of others: whoever writes tells the rest. */
export type StreamWanted = { changed: 'stream.wanted'; have: Readonly<Record<string, number>> }

export type StreamWord = StreamBegun | StreamWritten | StreamWanted
