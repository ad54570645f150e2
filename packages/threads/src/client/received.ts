// Events as they arrive. Servers before `seq` are understood too: their events get a number from their time.
import {
  AnyEvent,
  type EventCursor,
  fromIsoTime,
  isJsonObject,
  JoinAnswer,
  MessageEvent,
  type Page,
  pageOf,
  SendAnswer,
} from '../protocol/index.js'
import { readAnswer } from './failures.js'
import type { AnyThreadEvent } from './types.js'

// No thread has so many events, and no event is older than 1973.
const firstTime = 1e14

/** False for an event whose `seq` was made from its time: it orders, but it does not count. */
export const isNumbered = ({ seq }: AnyThreadEvent): boolean => seq < firstTime

/** The place right after an event, as the server that sent it understands it. */
export function placeOf(event: AnyThreadEvent): EventCursor {
  return isNumbered(event) ? { seq: event.seq } : { created_at: event.created_at, id: event.id }
}

/** Throws `invalid_response`, as the others here do. */
export const readEvent = (value: unknown): AnyThreadEvent => readAnswer(AnyEvent, withSeq(value))

export const readMessage = (value: unknown): MessageEvent => readAnswer(MessageEvent, withSeq(value))

const eventPage = pageOf(AnyEvent)

export function readEventPage(value: unknown): Page<AnyThreadEvent> {
  return readAnswer(eventPage, withSeqs(value, 'items'))
}

export const readJoinAnswer = (value: unknown): JoinAnswer =>
  readAnswer(JoinAnswer, withSeqs(value, 'replayed'))

export function readSent(value: unknown): MessageEvent {
  const event = isJsonObject(value) ? { event: withSeq(value.event) } : value
  return readMessage(readAnswer(SendAnswer, event).event)
}

function withSeqs(value: unknown, member: string): unknown {
  if (!isJsonObject(value)) return value
  const list = value[member]
  return Array.isArray(list) ? { ...value, [member]: list.map(withSeq) } : value
}

function withSeq(value: unknown): unknown {
  if (!isJsonObject(value) || (value.seq !== undefined && value.seq !== null)) return value
  return { ...value, seq: fromIsoTime(String(value.created_at)) }
}
