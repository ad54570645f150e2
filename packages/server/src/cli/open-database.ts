import { openPostgres, openSqlite } from '@parley/kernel/db'
import { systemClock } from '@parley/kernel/ids'
import { isPostgres, loadConfig } from '../config/load.js'

/** The database of the configuration as it is, migrated or not. */
export async function openDatabase() {
  const config = loadConfig(process.env)
  const database = isPostgres(config)
    ? await openPostgres({ url: config.databaseUrl!, clock: systemClock })
    : await openSqlite({ path: config.databaseUrl ?? config.dataDir, clock: systemClock })
  return { database, close: () => database.close() }
}
