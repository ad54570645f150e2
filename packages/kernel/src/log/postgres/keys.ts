// Retry keys that were used before. The table decides; what this node remembers only spares a batch the
// broken constraint.
import type pg from 'pg'
import type { StreamId } from '../../ids/index.js'
import type { Appended, UnitResult } from '../port.js'
import type { PreparedAppend, PreparedUnit } from '../prepare.js'
import { eventColumns, toEvent } from './rows.js'

const text = `
select k.s, k.actor, k.key, a.digest, a.first_seq, ${eventColumns('e')}
from unnest($1::text[], $2::text[], $3::text[]) k(s, actor, key)
join streams on streams.name = k.s
join append_keys a on a.stream_id = streams.id and a.actor = k.actor and a.key = k.key
left join events e on e.stream_id = a.stream_id and e.seq between a.first_seq and a.first_seq + a.n - 1
order by a.first_seq, e.seq`

/** An append that was stored under its key. */
export type Remembered = Appended & { digest: string }

/** One name for `(stream, actor, key)`. */
function keyName(stream: StreamId, actor: string, key: string): string {
  return JSON.stringify([stream, actor, key])
}

/** Names of the keys that a unit uses. */
export function keyNames({ appends }: PreparedUnit): string[] {
  return keyed(appends).map(({ stream, key }) => keyName(stream, key.actor, key.key))
}

/** What the table remembers of these units' keys, by name. */
export async function findKeys(
  pool: pg.Pool,
  units: readonly PreparedUnit[],
): Promise<Map<string, Remembered>> {
  const wanted = keyed(units.flatMap((unit) => unit.appends))
  if (wanted.length === 0) return new Map()
  const values = [
    wanted.map(({ stream }) => stream),
    wanted.map(({ key }) => key.actor),
    wanted.map(({ key }) => key.key),
  ]
  const { rows } = await pool.query<unknown[]>({ name: 'parley_keys', text, values, rowMode: 'array' })
  return collect(rows)
}

/** The answer to a unit of which a key was used, undefined when none was. */
export function toReplay(unit: PreparedUnit, found: ReadonlyMap<string, Remembered>): UnitResult | undefined {
  const appends = keyed(unit.appends)
  const hits = appends.map(({ stream, key }) => found.get(keyName(stream, key.actor, key.key)))
  if (!hits.some(Boolean)) return undefined
  return {
    outcome: 'replayed',
    same: hits.every((hit, index) => hit?.digest === appends[index]!.key.digest),
    appended: hits.flatMap((hit) =>
      hit ? [{ stream: hit.stream, firstSeq: hit.firstSeq, events: hit.events }] : [],
    ),
  }
}

/** The newest keys that this node stored; the oldest is forgotten first. */
export function recentKeys(limit: number): { add(name: string): void; has(name: string): boolean } {
  const names = new Set<string>()
  return {
    has: (name) => names.has(name),
    add(name) {
      names.add(name)
      const [oldest] = names
      if (names.size > limit && oldest !== undefined) names.delete(oldest)
    },
  }
}

type Keyed = PreparedAppend & { key: NonNullable<PreparedAppend['key']> }

function keyed(appends: readonly PreparedAppend[]): Keyed[] {
  return appends.filter((append): append is Keyed => append.key !== undefined)
}

function collect(rows: readonly unknown[][]): Map<string, Remembered> {
  const found = new Map<string, Remembered>()
  for (const [stream, actor, key, digest, firstSeq, ...event] of rows) {
    const name = keyName(String(stream), String(actor), String(key))
    // A row without an event: it was trimmed since.
    const events = event[0] === null ? [] : [toEvent(String(stream), event)]
    const known = found.get(name)
    if (known) known.events.push(...events)
    else
      found.set(name, { stream: String(stream), firstSeq: Number(firstSeq), digest: String(digest), events })
  }
  return found
}
