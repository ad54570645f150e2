import type { Database } from '@parley/kernel/db'
import { type RawBuilder, sql } from 'kysely'

// A list is one value of a statement, so that its text is the same for lists of any length.

/** A list as a value. */
export function toList(database: Database, texts: readonly string[]): string {
  if (database.engine === 'sqlite') return JSON.stringify(texts)
  // WHY: an array. Of the members of a JSON text Postgres expects so many that it would rather read the whole table.
  return `{${texts.map((text) => `"${text.replace(/["\\]/g, '\\$&')}"`).join(',')}}`
}

/** The condition that a column is one of a list. */
export function isOneOf(database: Database, column: string, list: string): RawBuilder<boolean> {
  return database.engine === 'postgres'
    ? sql<boolean>`${sql.ref(column)} = any(${list}::text[])`
    : sql<boolean>`${sql.ref(column)} in (select value from json_each(${list}))`
}
