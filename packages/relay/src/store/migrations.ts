import type { Migration, MigrationSet } from '@parley/kernel/db'
import { what } from './migrations/what.js'
import { where } from './migrations/where.js'
import { who } from './migrations/who.js'

const tables: Migration = {
  name: '001-relay',
  statements: (db, engine) => [...who(db, engine), ...where(db, engine), ...what(db, engine)],
}

/** The plane's tables. */
export const relayMigrations: MigrationSet = { owner: 'relay', migrations: [tables] }
