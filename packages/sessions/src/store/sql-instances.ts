import { type Database, toOp } from '@parley/kernel/db'
import { type Selectable, sql } from 'kysely'
import { fromBit, toBit } from './columns.js'
import type { InstanceRow, InstanceRows, SettingRows } from './port.js'
import type { SessionsTables } from './tables.js'

type Table = SessionsTables['runtime_instances']

export function instanceStatements(database: Database): InstanceRows {
  const db = database.tables<SessionsTables>()
  const instances = () => db.selectFrom('runtime_instances').selectAll()
  return {
    save: ({ name, typeName, status, createdAt }) =>
      toOp(
        db
          .insertInto('runtime_instances')
          .values({
            name: JSON.stringify(name),
            type_name: JSON.stringify(typeName),
            status,
            created_at: createdAt,
          })
          .onConflict((conflict) =>
            conflict
              .column('name')
              .doUpdateSet({ type_name: sql`excluded.type_name`, status: sql`excluded.status` }),
          ),
      ),

    remove: (name) => toOp(db.deleteFrom('runtime_instances').where('name', '=', JSON.stringify(name))),

    find: async (name) => {
      const row = await instances().where('name', '=', JSON.stringify(name)).executeTakeFirst()
      return row && fromInstance(row)
    },

    list: async () => (await instances().orderBy('created_at').orderBy('name').execute()).map(fromInstance),
  }
}

function fromInstance(row: Selectable<Table>): InstanceRow {
  return {
    name: JSON.parse(row.name),
    typeName: JSON.parse(row.type_name),
    // The cast: nothing but this store writes the column.
    status: row.status as InstanceRow['status'],
    createdAt: row.created_at,
  }
}

/** The one row of settings; the migration has made it. */
export function settingStatements(database: Database): SettingRows {
  const db = database.tables<SessionsTables>()
  return {
    read: async () => {
      const row = await db.selectFrom('sessions_settings').selectAll().executeTakeFirstOrThrow()
      return { autoApprove: fromBit(row.auto_approve) }
    },
    write: ({ autoApprove }) =>
      toOp(db.updateTable('sessions_settings').set({ auto_approve: toBit(autoApprove) })),
  }
}
