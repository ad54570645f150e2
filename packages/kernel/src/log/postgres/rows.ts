import type { StreamId } from '../../ids/index.js'
import type { Identity } from '../../principal/index.js'
import type { StoredEvent } from '../port.js'

const columns = ['seq', 'at', 'id', 'type', 'actor', 'cause_stream', 'cause_seq', 'origin', 'body']

/** The columns that `toEvent` reads, of a table under that name. */
export function eventColumns(table: string): string {
  return columns.map((column) => `${table}.${column}`).join(', ')
}

/** An event from its row. */
export function toEvent(stream: StreamId, row: readonly unknown[]): StoredEvent {
  const [seq, at, id, type, actor, causeStream, causeSeq, origin, body] = row
  return {
    stream,
    seq: Number(seq),
    id: String(id),
    at: Number(at),
    type: String(type),
    // Written by `prepareUnit` from an `Identity`.
    actor: JSON.parse(String(actor)) as Identity,
    ...(typeof causeStream === 'string' && { cause: { stream: causeStream, seq: Number(causeSeq) } }),
    ...(typeof origin === 'string' && { origin }),
    body: String(body),
  }
}
