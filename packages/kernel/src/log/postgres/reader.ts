import type pg from 'pg'
import type { StreamId } from '../../ids/index.js'
import type { Journal } from '../journal.js'
import type { Page, StoredEvent } from '../port.js'
import { type LimitText, limitTexts } from './limit-texts.js'
import { eventColumns, toEvent } from './rows.js'

// The numbers stand in a sub-select so that a plan made for this one read looks no better than the general plan:
// Postgres would plan nearly every read anew, which takes longer than reading.

// One statement is one snapshot: head, first and events belong together.
const page = (limit: string) => `
select s.head, s.first, ${eventColumns('e')}
from streams s
left join lateral (
  select * from events where stream_id = s.id and seq > (select $2::bigint) order by seq limit ${limit}) e on true
where s.name = $1
order by e.seq`

const newest = (limit: string) => `
select ${eventColumns('e')}
from events e
where e.stream_id = (select id from streams where name = $1) and e.seq < (select $2::bigint)
order by e.seq desc
limit ${limit}`

const byId = `
select ${eventColumns('e')}
from events e
where e.id = $2 and e.stream_id = (select id from streams where name = $1)
limit 1`

const heads = 'select name, head from streams where name = any($1::text[])'

/** Reads through the pool: it never waits for the lane that writes. */
export function postgresReader(pool: pg.Pool): Pick<Journal, 'read' | 'last' | 'find' | 'heads'> {
  const rowsOf = async (name: string, text: string, values: unknown[]) =>
    (await pool.query<unknown[]>({ name, text, values, rowMode: 'array' })).rows
  const limited = ({ name, text, isLiteral }: LimitText, values: unknown[], limit: number) =>
    rowsOf(name, text, isLiteral ? values : [...values, limit])
  const pageText = limitTexts('parley_page', page, '$3')
  const newestText = limitTexts('parley_last', newest, '$3')
  return {
    read: async (stream, { after, limit }) =>
      toPage(stream, await limited(pageText(limit), [stream, after], limit)),
    async last(stream, { limit, before = Number.MAX_SAFE_INTEGER }): Promise<StoredEvent[]> {
      const rows = await limited(newestText(limit), [stream, before], limit)
      return rows.map((row) => toEvent(stream, row)).reverse()
    },
    async find(stream, id) {
      const [row] = await rowsOf('parley_find', byId, [stream, id])
      return row && toEvent(stream, row)
    },
    async heads(streams) {
      if (streams.length === 0) return new Map()
      const rows = await rowsOf('parley_heads', heads, [streams])
      return new Map(rows.map(([name, head]) => [String(name), Number(head)]))
    },
  }
}

function toPage(stream: StreamId, rows: readonly unknown[][]): Page {
  const [first] = rows
  if (!first) return { events: [], head: 0, first: 1 }
  const events = first[2] === null ? [] : rows.map((row) => toEvent(stream, row.slice(2)))
  return { events, head: Number(first[0]), first: Number(first[1]) }
}
