import type { Engine } from '@parley/kernel/db'
import type { CreateTableBuilder, Kysely } from 'kysely'
import { sql } from 'kysely'
import type { RelayTables } from '../tables.js'

/** A table under construction. */
export type NewTable = CreateTableBuilder<string, string>

/** Columns by type. A name that ends with `?` may be null. */
export type Columns = {
  /** Ids and other names. WHY: Postgres would sort them in its own locale; lists are in the same order on both engines this way. */
  names?: readonly string[]
  texts?: readonly string[]
  /** Whole numbers, times among them. */
  numbers?: readonly string[]
  bits?: readonly string[]
  bytes?: readonly string[]
}

/** A table of the plane with its columns and, where it has more than one column, its primary key. */
export function table(
  db: Kysely<unknown>,
  engine: Engine,
  name: keyof RelayTables,
  columns: Columns & { key: readonly string[] },
): NewTable {
  const postgres = engine === 'postgres'
  const types = {
    names: postgres ? sql`text collate "C"` : sql`text`,
    texts: sql`text`,
    numbers: sql`bigint`,
    bits: sql`integer`,
    bytes: postgres ? sql`bytea` : sql`blob`,
  }
  let made: NewTable = db.schema.createTable(name)
  for (const [kind, type] of Object.entries(types))
    for (const column of columns[kind as keyof typeof types] ?? []) {
      const isNullable = column.endsWith('?')
      const plain = isNullable ? column.slice(0, -1) : column
      made = made.addColumn(plain, type, (built) => (isNullable ? built : built.notNull()))
    }
  // The cast: the key's columns are among those above.
  return made.addPrimaryKeyConstraint(`${name}_pkey`, [...columns.key] as never)
}

/** WHY: rows that are changed with every message; half-empty pages let Postgres do it in place. */
export const changedOften = (made: NewTable, engine: Engine): NewTable =>
  engine === 'postgres' ? made.modifyEnd(sql`with (fillfactor = 50)`) : made
