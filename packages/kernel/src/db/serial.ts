import type { Kysely } from 'kysely'
import type { Engine } from './port.js'

type TableBuilder = ReturnType<Kysely<unknown>['schema']['createTable']>

/** Adds a primary key that the database counts by itself. */
export function serial(table: TableBuilder, name: string, engine: Engine) {
  // OUTSIDE: in SQLite `integer primary key` is the rowid itself; Postgres needs an identity column.
  if (engine === 'sqlite') return table.addColumn(name, 'integer', (column) => column.primaryKey())
  return table.addColumn(name, 'bigint', (column) => column.primaryKey().generatedByDefaultAsIdentity())
}
