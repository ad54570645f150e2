// The obvious implementation of the action route: one transaction a request, the driver on the main thread.
import { createHash, randomUUID, timingSafeEqual } from 'node:crypto'
import { join } from 'node:path'
import Libsql from 'libsql'
import { type Prepared, readText } from './bare-http.js'
import { serve } from './serve.js'

type Action = { key: string; value: unknown }

const schema = `
  pragma journal_mode = wal;
  pragma synchronous = full;
  create table handshakes (id text primary key, version integer not null, changes integer not null, last_at integer not null);
  create table fields (handshake_id text not null, key text not null, value text not null, by text not null, at integer not null, primary key (handshake_id, key));
  create table events (stream text not null, seq integer not null, at integer not null, id text not null, type text not null, actor text not null, body text not null, primary key (stream, seq));
`

export const role = {
  async start({ folder, prepared, ids }: { folder: string; prepared: Prepared; ids: readonly string[] }) {
    const store = prepareStore(new Libsql(join(folder, 'obvious.db')), ids)
    const body = Buffer.from(prepared.body)
    const headers = { ...prepared.headers, 'content-length': body.length }
    const expected = hash('token')
    const { port } = await serve(async (request, response) => {
      const { actions } = JSON.parse(await readText(request)) as { actions: Action[] }
      if (!timingSafeEqual(hash('token'), expected)) return void response.writeHead(403).end()
      store.apply(request.url?.slice(request.url.lastIndexOf('/') + 1) ?? '', actions)
      response.writeHead(200, headers).end(body)
    })
    return { port }
  },
}

const hash = (text: string): Buffer => createHash('sha256').update(text).digest()

function prepareStore(db: Libsql.Database, ids: readonly string[]) {
  db.exec(schema)
  const insert = db.prepare('insert into handshakes values (?, 0, 0, 0)')
  for (const id of ids) insert.run([id])
  const update = db.prepare(
    'update handshakes set version = version + 1, changes = changes + ?, last_at = ? where id = ?',
  )
  const put = db.prepare(
    `insert into fields values (?, ?, ?, 'ai', ?)
     on conflict (handshake_id, key) do update set value = excluded.value, by = excluded.by, at = excluded.at`,
  )
  const append = db.prepare('insert into events values (?, ?, ?, ?, ?, ?, ?)')
  const heads = new Map<string, number>()

  const event = (id: string, type: string, body: unknown) => {
    const seq = (heads.get(id) ?? 0) + 1
    heads.set(id, seq)
    append.run([
      id,
      seq,
      Date.now(),
      randomUUID(),
      type,
      '{"kind":"agent","id":"agent"}',
      JSON.stringify(body),
    ])
  }
  /** The same rows as the plane: the handshake's, one a field, one event a field and one for the batch. */
  const apply = db.transaction((id: string, actions: Action[]) => {
    const now = Date.now()
    update.run([actions.length, now, id])
    for (const { key, value } of actions) {
      put.run([id, key, JSON.stringify(value), now])
      event(id, 'field.set', { key, from: null, value, by: 'ai', at: now })
    }
    event(id, 'batch.done', { applied: actions.length, rejected: [], missing: [], errors: [] })
  })
  return { apply: (id: string, actions: Action[]) => void apply(id, actions) }
}
