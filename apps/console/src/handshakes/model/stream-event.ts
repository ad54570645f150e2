import { type Json, readNumber, readObject, readText, readTextOrNull } from '../../api/read.js'

/** One event of a handshake's stream. `body` stays as it came: its shape depends on `type`. */
export type StreamEvent = {
  readonly seq: number
  readonly at: string
  readonly type: string
  readonly actor: { readonly kind: string; readonly name: string | null }
  readonly body: Json
  /** The whole record as it came. */
  readonly raw: unknown
}

/** Reads an event, or `undefined` when it has no place in the order. */
export function parseStreamEvent(value: unknown): StreamEvent | undefined {
  const event = readObject(value)
  const seq = readNumber(event.seq)
  if (!Number.isInteger(seq) || seq < 1) return undefined
  const actor = readObject(event.actor)
  return {
    seq,
    at: readText(event.at),
    type: readText(event.type, 'unknown'),
    actor: { kind: readText(actor.kind, 'unknown'), name: readTextOrNull(actor.name) },
    body: readObject(event.body),
    raw: value,
  }
}
