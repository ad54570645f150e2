import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import Libsql from 'libsql'
import type { Context } from '../lib/context.js'
import { columns, streamCount } from './drafts.js'

// The log's own table of events.
const schema = `
  pragma journal_mode = wal;
  pragma synchronous = full;
  create table events (stream_id bigint not null, seq bigint not null, at bigint not null, id text not null,
    type text not null, actor text not null, body text not null, primary key (stream_id, seq));
`

/**
 * The baseline: the driver on the main thread, one insert a transaction. The function inserts one row, durable when it
 * returns. Its time is a call's own: that other callers wait for it, as the whole process does, is not in it.
 */
export async function openBareSqlite(context: Context): Promise<() => void> {
  const db = new Libsql(join(await context.folder(), 'bare.db'))
  context.atEnd(() => db.close())
  db.exec(schema)
  const insert = db.prepare('insert into events values (?, ?, ?, ?, ?, ?, ?)')
  let count = 0
  return () => {
    const stream = count % streamCount
    const seq = Math.floor(count / streamCount) + 1
    count += 1
    insert.run([
      stream,
      seq,
      Date.now() * 1000,
      randomBytes(16).toString('hex'),
      columns.type,
      columns.actor,
      columns.body,
    ])
  }
}
