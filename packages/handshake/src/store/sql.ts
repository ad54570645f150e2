import { type Database, toOp } from '@parley/kernel/db'
import { type Compilable, sql } from 'kysely'
import type { HandshakeStore } from './port.js'
import { fromRow, type HandshakeTables, toField, toPatch, toRow } from './rows.js'

/** The one implementation: typed SQL that both engines run. */
export function sqlHandshakeStore(database: Database): HandshakeStore {
  const db = database.tables<HandshakeTables>()
  const one = (id: string) => db.selectFrom('handshakes').where('id', '=', id)
  const open = () => db.selectFrom('handshakes').where('ended_at', 'is', null)
  const text = keptTexts()
  const upsert = (field: HandshakeTables['handshake_fields']) =>
    db
      .insertInto('handshake_fields')
      .values(field)
      .onConflict((conflict) =>
        conflict
          .columns(['handshake_id', 'key'])
          .doUpdateSet({ value: sql`excluded.value`, by: sql`excluded.by`, at: sql`excluded.at` }),
      )

  return {
    find: async (id) => {
      const row = await one(id).selectAll().executeTakeFirst()
      return row && fromRow(row)
    },

    version: async (id) => {
      const row = await one(id).select(['version', 'touched_at']).executeTakeFirst()
      return row && { version: row.version, touchedAt: row.touched_at }
    },

    fields: async (id) => {
      const rows = await db
        .selectFrom('handshake_fields')
        .select(['key', 'value', 'by', 'at'])
        .where('handshake_id', '=', id)
        .orderBy('position')
        .orderBy('key')
        .execute()
      return rows.map(toField)
    },

    list: async ({ state, limit, before, tenantKeys, now }) => {
      let query = db.selectFrom('handshakes').selectAll().where('tenant_key', 'in', tenantKeys)
      if (state === 'open') query = query.where('ended_at', 'is', null).where('expires_at', '>=', now)
      if (state === 'ended')
        query = query.where((is) => is.or([is('ended_at', 'is not', null), is('expires_at', '<', now)]))
      if (before)
        query = query.where((is) =>
          is.or([
            is('created_at', '<', before.createdAt),
            is.and([is('created_at', '=', before.createdAt), is('id', '<', before.id)]),
          ]),
        )
      const rows = await query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).execute()
      return rows.map(fromRow)
    },

    countOpen: async (now) => {
      const count = open().where('expires_at', '>=', now).select(db.fn.countAll<number>().as('n'))
      return Number((await count.executeTakeFirstOrThrow()).n)
    },

    due: async (now, limit) => {
      const due = open().where('expires_at', '<', now).orderBy('expires_at').limit(limit)
      return (await due.select('id').execute()).map(({ id }) => id)
    },

    endedBefore: async (before, limit) => {
      const old = db.selectFrom('handshakes').where('ended_at', '<', before).orderBy('ended_at').limit(limit)
      return (await old.select('id').execute()).map(({ id }) => id)
    },

    insert: (row, fields) => {
      const values = fields.map((field, position) => ({
        handshake_id: row.id,
        key: field.key,
        value: JSON.stringify(field.value),
        by: field.by,
        at: field.at,
        position,
      }))
      return [
        toOp(db.insertInto('handshakes').values(toRow(row))),
        ...values.map((value) => toOp(db.insertInto('handshake_fields').values(value))),
      ]
    },

    update: (id, version, patch) => {
      const columns = { ...toPatch(patch), version: version + 1 }
      const query = () =>
        db.updateTable('handshakes').set(columns).where('id', '=', id).where('version', '=', version)
      const params = [...Object.values(columns), id, version]
      return { sql: text(`update ${Object.keys(columns)}`, query), params, atLeast: 1 }
    },

    put: (id, { key, value, by, at }) => {
      // WHY: a time is later than every position given at creation, so new keys come last, in order.
      const columns = { handshake_id: id, key, value: JSON.stringify(value), by, at, position: at }
      return { sql: text('put', () => upsert(columns)), params: Object.values(columns) }
    },

    touch: (id, touchedAt) =>
      toOp(
        db
          .updateTable('handshakes')
          // WHY: the end follows from the time to live as it is stored, which another node may have extended.
          .set({
            touched_at: touchedAt,
            expires_at: sql`cast(${touchedAt} as bigint) + ttl_seconds * 1000000`,
          })
          .where('id', '=', id)
          .where('ended_at', 'is', null)
          .where('touched_at', '<', touchedAt),
      ),

    expire: (id, now) =>
      toOp(
        db
          .updateTable('handshakes')
          .set((is) => ({ end_reason: 'expired', ended_at: now, version: is('version', '+', 1) }))
          .where('id', '=', id)
          .where('ended_at', 'is', null)
          .where('expires_at', '<', now),
        1,
      ),

    remove: (id) => [
      toOp(db.deleteFrom('handshake_fields').where('handshake_id', '=', id)),
      toOp(db.deleteFrom('handshakes').where('id', '=', id)),
    ],
  }
}

/**
 * Texts of the statements that come with every action, by shape: compiling one takes as long as all the rest that is
 * done for it. Whoever uses a text gives the parameters itself, in the order in which the query names them.
 */
function keptTexts(): (shape: string, query: () => Compilable) => string {
  const texts = new Map<string, string>()
  return (shape, query) => {
    const text = texts.get(shape) ?? query().compile().sql
    texts.set(shape, text)
    return text
  }
}
