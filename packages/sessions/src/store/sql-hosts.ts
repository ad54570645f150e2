import { type Database, toOp } from '@parley/kernel/db'
import { type Selectable, sql } from 'kysely'
import { fromText, toText } from './columns.js'
import type { CallRow, CallRows, HostRow, HostRows } from './port.js'
import type { SessionsTables } from './tables.js'

type Tables = SessionsTables

export function hostStatements(database: Database): HostRows {
  const db = database.tables<Tables>()
  const hosts = () => db.selectFrom('hosts').selectAll()
  const host = async (query: ReturnType<typeof hosts>) => {
    const row = await query.executeTakeFirst()
    return row && fromHost(row)
  }
  return {
    save: (row) =>
      toOp(
        db
          .insertInto('hosts')
          .values(toHost(row))
          .onConflict((conflict) =>
            conflict
              .column('id')
              .doUpdateSet({ name: sql`excluded.name`, token_hash: sql`excluded.token_hash` }),
          ),
      ),

    advance: (id, from, to) => {
      const query = db.updateTable('hosts').set({ acked_epoch: to.epoch, acked_n: to.n }).where('id', '=', id)
      return toOp(
        from
          ? query.where('acked_epoch', '=', from.epoch).where('acked_n', '=', from.n)
          : query.where('acked_epoch', 'is', null),
        1,
      )
    },

    setLost: (id, lostAt) => toOp(db.updateTable('hosts').set({ lost_at: lostAt }).where('id', '=', id)),
    remove: (id) => toOp(db.deleteFrom('hosts').where('id', '=', id)),
    find: (id) => host(hosts().where('id', '=', id)),
    findByToken: (tokenHash) => host(hosts().where('token_hash', '=', tokenHash)),
    list: async () => (await hosts().orderBy('created_at').orderBy('id').execute()).map(fromHost),
  }
}

export function callStatements(database: Database): CallRows {
  const db = database.tables<Tables>()
  return {
    insert: (row) =>
      toOp(
        db
          .insertInto('host_calls')
          .values(toCall(row))
          .onConflict((conflict) => conflict.doNothing()),
        1,
      ),

    remove: (key) => toOp(db.deleteFrom('host_calls').where('key', '=', key)),

    list: async (hostId) => {
      const calls = db.selectFrom('host_calls').selectAll().where('host_id', '=', hostId)
      const rows = await calls.orderBy('rank').orderBy('created_at').orderBy('key').execute()
      return rows.map(fromCall)
    },
  }
}

function toHost(row: HostRow): Tables['hosts'] {
  return {
    id: row.id,
    name: JSON.stringify(row.name),
    token_hash: row.tokenHash,
    acked_epoch: row.acked?.epoch ?? null,
    acked_n: row.acked?.n ?? null,
    lost_at: row.lostAt,
    created_at: row.createdAt,
  }
}

function fromHost(row: Selectable<Tables['hosts']>): HostRow {
  const { acked_epoch: epoch, acked_n: n } = row
  return {
    id: row.id,
    name: JSON.parse(row.name),
    tokenHash: row.token_hash,
    acked: epoch === null || n === null ? null : { epoch, n },
    lostAt: row.lost_at,
    createdAt: row.created_at,
  }
}

function toCall(row: CallRow): Tables['host_calls'] {
  return {
    key: row.key,
    host_id: row.hostId,
    session_id: row.sessionId,
    rank: row.rank,
    method: row.method,
    path: JSON.stringify(row.path),
    body: toText(row.body),
    created_at: row.createdAt,
  }
}

function fromCall(row: Selectable<Tables['host_calls']>): CallRow {
  return {
    key: row.key,
    hostId: row.host_id,
    sessionId: row.session_id,
    rank: row.rank,
    method: row.method,
    path: JSON.parse(row.path),
    body: fromText(row.body) ?? undefined,
    createdAt: row.created_at,
  }
}
