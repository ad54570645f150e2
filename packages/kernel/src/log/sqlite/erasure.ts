// Blanking, trimming and dropping in the writer's thread, each in a transaction of its own.
import type { Connection } from '../../db/sqlite/connection.js'
import type { Heads } from './heads.js'
import type { BlankRequest, DropRequest, TrimRequest } from './protocol.js'

/** How the journal takes something away. */
export type Erasure = {
  blank(request: BlankRequest): void
  trim(request: TrimRequest): void
  drop(request: DropRequest): void
}

type Transact = (work: (connection: Connection, heads: Heads) => void) => void

/** Erasure in transactions of the committer. */
export function createErasure(transact: Transact): Erasure {
  return {
    blank: ({ stream, seqs }) =>
      transact((connection, heads) => {
        const head = heads.find(stream)
        const sql = `update events set body = 'null'
          where stream_id = ? and seq in (select value from json_each(?))`
        if (head) connection.run({ sql, params: [head.id, JSON.stringify(seqs)] })
      }),
    trim: ({ stream, before }) =>
      transact((connection, heads) => {
        const head = heads.find(stream)
        if (!head) return
        const first = Math.min(before, head.head + 1)
        const move = 'update streams set first = max(first, ?) where id = ?'
        connection.run({ sql: move, params: [first, head.id] })
        connection.run({
          sql: 'delete from events where stream_id = ? and seq < ?',
          params: [head.id, first],
        })
      }),
    // SQLite gives the row's id to a later stream, so nothing may stay behind under it: keys included.
    drop: ({ stream }) =>
      transact((connection, heads) => {
        const head = heads.find(stream)
        if (!head) return
        for (const table of ['events', 'append_keys'])
          connection.run({ sql: `delete from ${table} where stream_id = ?`, params: [head.id] })
        connection.run({ sql: 'delete from streams where id = ?', params: [head.id] })
        heads.forgetStream(stream)
      }),
  }
}
