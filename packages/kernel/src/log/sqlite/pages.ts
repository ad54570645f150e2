// Pages of events as one JSON text: made by SQLite, parsed once. Cheaper than rows between threads.
import type { StreamId } from '../../ids/index.js'
import type { Identity } from '../../principal/index.js'
import type { StoredEvent } from '../port.js'

const eventJson = 'json_array(seq, at, id, type, json(actor), cause_stream, cause_seq, origin, body)'

type EventRow = [
  seq: number,
  at: number,
  id: string,
  type: string,
  actor: Identity,
  causeStream: string | null,
  causeSeq: number | null,
  origin: string | null,
  body: string,
]

const pageOf = (rows: string) =>
  `(select json_group_array(${eventJson}) from (select * from events where ${rows}))`

/** Parameters: after, limit, stream. One row: head, first, page. */
export const readPage = `select head, first, ${pageOf('stream_id = streams.id and seq > ? order by seq limit ?')} from streams where name = ?`

/** Parameters: before, limit, stream. One row: page, newest first. */
export const lastPage = `select ${pageOf('stream_id = streams.id and seq < ? order by seq desc limit ?')} from streams where name = ?`

/** Parameters: id, stream. One row: page of one event or none. */
export const pageById = `select ${pageOf('id = ? and stream_id = streams.id limit 1')} from streams where name = ?`

/** Parameters: the stream's row id, first and last number. One row: page. */
export const pageBetween = `select ${pageOf('stream_id = ? and seq between ? and ? order by seq')}`

/** The events of a page, in the page's order. */
export function parsePage(stream: StreamId, text: string): StoredEvent[] {
  // The text comes from the query above.
  return (JSON.parse(text) as EventRow[]).map((row) => toEvent(stream, row))
}

function toEvent(stream: StreamId, row: EventRow): StoredEvent {
  const [seq, at, id, type, actor, causeStream, causeSeq, origin, body] = row
  return {
    stream,
    seq,
    id,
    at,
    type,
    actor,
    ...(causeStream !== null && causeSeq !== null && { cause: { stream: causeStream, seq: causeSeq } }),
    ...(origin !== null && { origin }),
    body,
  }
}
