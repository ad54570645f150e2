import type { Ground } from '@parley/kernel/ground'
import { type ImportDirOptions, type ImportReport, importDir } from './service/import-dir/index.js'
import { sessionsMigrations, sqlSessionsStore } from './store/index.js'

/** `ground`: the one `createSessions` gets, or one that was opened on its database while nothing else runs on it. */
export type ImportSessionsDirOptions = ImportDirOptions & { ground: Ground }

/**
 * Takes over the logs of the original's `sessionsDir`: each becomes an ended session with its history. What is damaged is
 * told and left out. Called again, it goes on where it was interrupted and does nothing twice. No webhooks are sent.
 */
export async function importSessionsDir(options: ImportSessionsDirOptions): Promise<ImportReport> {
  const { ground } = options
  await ground.db.migrate([sessionsMigrations])
  return await importDir({ ...options, store: sqlSessionsStore(ground.db) })
}
