import type { Database } from '@parley/kernel/db'
import type { Compilable, RawBuilder } from 'kysely'

/** A statement in SQL that both engines read, or that is chosen by engine. */
export const rawQuery = (database: Database, text: RawBuilder<unknown>): Compilable => ({
  compile: () => text.compile(database.tables()),
})
