// The one statement that numbers and stores a batch: the client groups it by stream, the server adds the
// count to each head under its row lock and counts back from the new head.
import type { Micros, StreamId } from '../../ids/index.js'
import type { Landing, PreparedAppend } from '../prepare.js'
import type { Query } from './session.js'

// `h` locks the heads in one order everywhere, so that batches of two nodes wait instead of deadlocking.
const text = `
with h as (
  insert into streams (name, head, at)
  select s, n, $3::bigint + n - 1 from unnest($1::text[], $2::int[]) t(s, n) order by s collate "C"
  on conflict (name) do update
    set head = streams.head + excluded.head,
        at   = greatest(streams.at + 1, $3::bigint) + excluded.head - 1
  returning id, name, head, at),
e as (
  insert into events (stream_id, seq, at, id, type, actor, cause_stream, cause_seq, origin, body)
  select h.id, h.head - i.back, h.at - i.back, i.id, i.type, i.actor, i.cause_stream, i.cause_seq, i.origin, i.body
  from unnest($4::text[], $5::int[], $6::text[], $7::text[], $8::text[], $9::text[], $10::bigint[], $11::text[],
              $12::text[])
    i(s, back, id, type, actor, cause_stream, cause_seq, origin, body)
  join h on h.name = i.s),
k as (
  insert into append_keys (stream_id, actor, key, digest, first_seq, n)
  select h.id, t.actor, t.key, t.digest, h.head - t.back, t.n
  from unnest($13::text[], $14::text[], $15::text[], $16::text[], $17::int[], $18::int[])
    t(s, actor, key, digest, back, n)
  join h on h.name = t.s order by 1, 2, 3)
select name, head, at from h`

/** Takes the heads that exist in the statement's own order before any row of a plane is touched. */
export function lockHeads(appends: readonly PreparedAppend[]): Query {
  const names = [...new Set(appends.map(({ stream }) => stream))]
  return {
    name: 'parley_lock',
    text: 'select 1 from streams where name = any($1::text[]) order by name collate "C" for no key update',
    values: [names],
  }
}

/** The statement for some appends, and how to read its reply: where each of them landed. */
export type AppendBatch = {
  query: Query
  landings(rows: readonly unknown[][]): Landing[]
}

export function toAppendBatch(appends: readonly PreparedAppend[], now: Micros): AppendBatch {
  const counts = countByStream(appends)
  const places = placeInStream(appends)
  const names = [...counts.keys()].sort()
  const query: Query = {
    name: 'parley_append',
    text,
    values: [
      names,
      names.map((name) => counts.get(name)),
      now,
      ...eventColumns(appends, places, counts),
      ...keyColumns(appends, places, counts),
    ],
  }
  return { query, landings: (rows) => readLandings(appends, places, counts, rows) }
}

type Counts = ReadonlyMap<StreamId, number>

function countByStream(appends: readonly PreparedAppend[]): Counts {
  const counts = new Map<StreamId, number>()
  for (const { stream, drafts } of appends) counts.set(stream, (counts.get(stream) ?? 0) + drafts.length)
  return counts
}

/** How many events of the same stream come before each append. */
function placeInStream(appends: readonly PreparedAppend[]): number[] {
  const seen = new Map<StreamId, number>()
  return appends.map(({ stream, drafts }) => {
    const place = seen.get(stream) ?? 0
    seen.set(stream, place + drafts.length)
    return place
  })
}

function eventColumns(
  appends: readonly PreparedAppend[],
  places: readonly number[],
  counts: Counts,
): unknown[][] {
  const columns: unknown[][] = Array.from({ length: 9 }, () => [])
  const [s, back, id, type, actor, causeStream, causeSeq, origin, body] = columns as Array9<unknown[]>
  appends.forEach(({ stream, drafts }, index) => {
    const last = counts.get(stream)! - 1 - places[index]!
    drafts.forEach((draft, offset) => {
      s.push(stream)
      back.push(last - offset)
      id.push(draft.id)
      type.push(draft.type)
      actor.push(draft.actorText)
      causeStream.push(draft.cause?.stream ?? null)
      causeSeq.push(draft.cause?.seq ?? null)
      origin.push(draft.origin ?? null)
      body.push(draft.body)
    })
  })
  return columns
}

type Array9<T> = [T, T, T, T, T, T, T, T, T]

function keyColumns(
  appends: readonly PreparedAppend[],
  places: readonly number[],
  counts: Counts,
): unknown[][] {
  const rows = appends.flatMap(({ stream, drafts, key }, index) =>
    key
      ? [[stream, key.actor, key.key, key.digest, counts.get(stream)! - 1 - places[index]!, drafts.length]]
      : [],
  )
  return Array.from({ length: 6 }, (_, column) => rows.map((row) => row[column]))
}

function readLandings(
  appends: readonly PreparedAppend[],
  places: readonly number[],
  counts: Counts,
  rows: readonly unknown[][],
): Landing[] {
  const heads = new Map(rows.map(([name, head, at]) => [name, { head: Number(head), at: Number(at) }]))
  return appends.map(({ stream }, index) => {
    const end = heads.get(stream)!
    const back = counts.get(stream)! - 1 - places[index]!
    return { firstSeq: end.head - back, firstAt: end.at - back }
  })
}
