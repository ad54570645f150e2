// Retry keys in the writer's transaction. One writer, so a look-up and a later insert can't race.
import type { Connection } from '../../db/sqlite/connection.js'
import type { DecodedAppend } from './batch.js'
import type { Heads } from './heads.js'
import { pageBetween } from './pages.js'

/** What earlier appends left under the keys of a unit. */
export type Replay = { isSame: boolean; found: { append: number; firstSeq: number; page: string }[] }

export type RetryKeys = {
  /** The earlier appends, when any key of the unit is known. */
  find(appends: readonly DecodedAppend[]): Replay | undefined
  /** Remembers the key of an append that has its numbers. */
  keep(streamId: number, append: DecodedAppend, firstSeq: number): void
}

/** Keys over the `append_keys` table. */
export function createRetryKeys(connection: Connection, heads: Heads): RetryKeys {
  const select = connection
    .prepare('select digest, first_seq, n from append_keys where stream_id = ? and actor = ? and key = ?')
    .raw(true)
  const insert = connection.prepare(
    'insert into append_keys (stream_id, actor, key, digest, first_seq, n) values (?, ?, ?, ?, ?, ?)',
  )
  const page = connection.prepare(pageBetween).raw(true)

  const look = ({ stream, key }: DecodedAppend) => {
    const head = key && heads.find(stream)
    if (!key || !head) return undefined
    // Columns of the statement above.
    const row = select.all([head.id, key.actor, key.key])[0] as [string, number, number] | undefined
    return row && { streamId: head.id, digest: row[0], firstSeq: row[1], n: row[2] }
  }
  const pageText = (streamId: number, firstSeq: number, n: number) =>
    (page.all([streamId, firstSeq, firstSeq + n - 1]) as [string][])[0]?.[0] ?? '[]'
  return {
    find: (appends) => {
      const keyed = appends.flatMap((append, index) =>
        append.key ? [{ append, index, row: look(append) }] : [],
      )
      const known = keyed.flatMap(({ index, row }) => (row ? [{ index, row }] : []))
      if (known.length === 0) return undefined
      return {
        isSame: keyed.every(({ append, row }) => row?.digest === append.key?.digest),
        found: known.map(({ index, row }) => ({
          append: index,
          firstSeq: row.firstSeq,
          page: pageText(row.streamId, row.firstSeq, row.n),
        })),
      }
    },
    keep: (streamId, { key, count }, firstSeq) => {
      if (key) insert.run([streamId, key.actor, key.key, key.digest, firstSeq, count])
    },
  }
}
