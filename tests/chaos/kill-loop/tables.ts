import { type Database, type MigrationSet, type Op, toOp } from '@parley/kernel/db'

type Tables = {
  chaos_rows: { name: string; version: number; last: string }
  chaos_receipts: { name: string }
}

/** The writers' own rows, beside the log. */
export const chaosMigrations: MigrationSet = {
  owner: 'chaos',
  migrations: [
    {
      name: '001-rows',
      statements: (db) => [
        db.schema
          .createTable('chaos_rows')
          .addColumn('name', 'text', (column) => column.primaryKey())
          .addColumn('version', 'integer', (column) => column.notNull())
          .addColumn('last', 'text', (column) => column.notNull()),
        db.schema.createTable('chaos_receipts').addColumn('name', 'text', (column) => column.primaryKey()),
      ],
    },
  ],
}

export function chaosTables(database: Database) {
  const db = database.tables<Tables>()
  return {
    rows: () => db.selectFrom('chaos_rows').selectAll().execute(),
    receipts: async () =>
      (await db.selectFrom('chaos_receipts').selectAll().execute()).map(({ name }) => name),
    versionOf: async (name: string) =>
      (await db.selectFrom('chaos_rows').select('version').where('name', '=', name).executeTakeFirst())
        ?.version ?? 0,
    addRow: (name: string): Op =>
      toOp(
        db
          .insertInto('chaos_rows')
          .values({ name, version: 0, last: '' })
          .onConflict((conflict) => conflict.doNothing()),
      ),
    /** A guard: refuses its unit when the row is no longer at `version`. */
    raise: (name: string, version: number, last: string): Op =>
      toOp(
        db
          .updateTable('chaos_rows')
          .set({ version: version + 1, last })
          .where('name', '=', name)
          .where('version', '=', version),
        1,
      ),
    addReceipt: (name: string): Op => toOp(db.insertInto('chaos_receipts').values({ name })),
  }
}

export type ChaosTables = ReturnType<typeof chaosTables>
