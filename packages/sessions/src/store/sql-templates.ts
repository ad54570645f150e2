import { type Database, toOp } from '@parley/kernel/db'
import { type Selectable, sql } from 'kysely'
import { fromText, given, present, toText } from './columns.js'
import type { TemplateRow, TemplateRows } from './port.js'
import type { SessionsTables } from './tables.js'

type Table = SessionsTables['agent_templates']

export function templateStatements(database: Database): TemplateRows {
  const db = database.tables<SessionsTables>()
  const templates = () => db.selectFrom('agent_templates').selectAll()
  return {
    seed: (rows) => {
      const managed = db.deleteFrom('agent_templates').where('managed_position', 'is not', null)
      const ids = rows.map(({ id }) => id)
      return [
        toOp(ids.length === 0 ? managed : managed.where('id', 'not in', ids)),
        ...rows.map((row) =>
          toOp(
            db
              .insertInto('agent_templates')
              .values(toTemplate(row))
              .onConflict((conflict) =>
                conflict.column('id').doUpdateSet({
                  name: sql`excluded.name`,
                  spawn: sql`excluded.spawn`,
                  runtime: sql`excluded.runtime`,
                  env: sql`excluded.env`,
                  managed_position: sql`excluded.managed_position`,
                }),
              ),
          ),
        ),
      ]
    },

    insert: (row) =>
      toOp(
        db
          .insertInto('agent_templates')
          .values(toTemplate(row))
          .onConflict((conflict) => conflict.doNothing()),
        1,
      ),

    change: (id, { name, spawn, runtime, env }) =>
      toOp(
        db
          .updateTable('agent_templates')
          .set({
            // The id as well: a statement has to set something.
            id,
            ...present({
              name: given(name, JSON.stringify),
              spawn: given(spawn, JSON.stringify),
              runtime: given(runtime, JSON.stringify),
              env: given(env, toText),
            }),
          })
          .where('id', '=', id),
        1,
      ),

    remove: (id) =>
      toOp(db.deleteFrom('agent_templates').where('id', '=', id).where('managed_position', 'is', null), 1),

    find: async (id) => {
      // OUTSIDE: no database takes a NUL, and asking one is a fault. Bodies name templates, so such an id gets here.
      if (id.includes('\0')) return undefined
      const row = await templates().where('id', '=', id).executeTakeFirst()
      return row && fromTemplate(row)
    },

    list: async () => {
      const managedFirst = templates().orderBy(sql`managed_position is null`).orderBy('managed_position')
      return (await managedFirst.orderBy('created_at').orderBy('id').execute()).map(fromTemplate)
    },
  }
}

function toTemplate(row: TemplateRow): Table {
  return {
    id: row.id,
    name: JSON.stringify(row.name),
    spawn: JSON.stringify(row.spawn),
    runtime: JSON.stringify(row.runtime),
    env: toText(row.env),
    managed_position: row.managedPosition,
    created_at: row.createdAt,
  }
}

function fromTemplate(row: Selectable<Table>): TemplateRow {
  return {
    id: row.id,
    name: JSON.parse(row.name),
    spawn: JSON.parse(row.spawn),
    runtime: JSON.parse(row.runtime),
    env: fromText(row.env),
    managedPosition: row.managed_position,
    createdAt: row.created_at,
  }
}
