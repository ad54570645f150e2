import type { Engine } from '@parley/kernel/db'
import { type RawBuilder, sql } from 'kysely'

/**
 * Type of a column that holds an id or another name. WHY: Postgres would sort names in its own locale; lists are in the
 * same order on both engines this way.
 */
export const named = (engine: Engine): 'text' | RawBuilder<unknown> =>
  engine === 'postgres' ? sql`text collate "C"` : 'text'
