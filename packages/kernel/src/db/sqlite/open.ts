// SQLite behind worker threads: one writes, one reads; a database in memory has one that does both.
import { join } from 'node:path'
import type { CompiledQuery, Kysely } from 'kysely'
import { type Clock, type Ids, type Stop, systemIds } from '../../ids/index.js'
import type { Database, SqlValue } from '../port.js'
import { kyselyOver } from './dialect.js'
import { lockDirectory } from './directory-lock.js'
import { createMigrator } from './migrate.js'
import type { Query, WorkerRequest } from './protocol.js'
import { gatherReads, toObjects } from './reads.js'
import { startWorker, type WorkerClient } from './worker-client.js'

/** How to open a SQLite database. */
export type SqliteOptions = {
  /** `:memory:`, or a directory, which is made when missing and then belongs to this process. */
  path: string
  clock: Clock
  ids?: Ids
  /** Told when a worker ended by itself; from then on every call rejects. */
  onFault?(error: unknown, where: string): void
  /** For tests: holds the writer before its commits, as a slow disk would (`createCommitLatch`). */
  commitLatch?: SharedArrayBuffer
}

/** A SQLite database, with what its journal needs beyond the port. */
export interface SqliteDatabase extends Database {
  readonly engine: 'sqlite'
  /** Runs one reading statement; the values of all rows, row after row. */
  cells(query: Query): Promise<readonly SqlValue[]>
  /** Hands work to the writer. */
  write<Answer>(request: WorkerRequest): Promise<Answer>
}

/**
 * Opens the database. Rejects with `kernel.data_directory_in_use` when the directory is taken. `close` finishes
 * what the workers were asked and gives the directory back.
 */
export async function openSqlite(options: SqliteOptions): Promise<SqliteDatabase> {
  const { path, clock, ids = systemIds } = options
  if (path === ':memory:') return toDatabase(options, await startWorkers(options, path), () => {})
  const unlock = lockDirectory(path, { clock, ids })
  try {
    return toDatabase(options, await startWorkers(options, join(path, 'parley.db')), unlock)
  } catch (error) {
    unlock()
    throw error
  }
}

type Workers = { writer: WorkerClient; reader: WorkerClient }

async function startWorkers({ path, onFault, commitLatch }: SqliteOptions, file: string): Promise<Workers> {
  const tell = (error: unknown) => onFault?.(error, 'db.sqlite')
  if (path === ':memory:') {
    const both = await startWorker({ file, role: 'both', commitLatch }, tell)
    return { writer: both, reader: both }
  }
  // One after the other: the writer makes the file.
  const writer = await startWorker({ file, role: 'writer', commitLatch }, tell)
  try {
    return { writer, reader: await startWorker({ file, role: 'reader' }, tell) }
  } catch (error) {
    await writer.close()
    throw error
  }
}

function toDatabase({ clock }: SqliteOptions, { writer, reader }: Workers, unlock: Stop): SqliteDatabase {
  const rows = gatherReads(reader)
  const select = async <Row>(query: Query) => toObjects<Row>(await rows(query))
  const read = <Row>({ sql, parameters }: CompiledQuery) =>
    // Kysely carries parameters as `unknown`; the worker refuses what SQLite can't bind.
    select<Row>({ sql, params: parameters as readonly SqlValue[] })
  const db = kyselyOver(read)
  const script = async (queries: readonly Query[]) => {
    await writer.ask({ kind: 'script', queries })
    await reader.ask({ kind: 'forget' })
  }
  const migrator = createMigrator({ db, clock, select, script })
  return {
    engine: 'sqlite',
    exclusive: true,
    tables: <Tables>() => db as Kysely<Tables>,
    read,
    migrate: migrator.migrate,
    migrationStatus: migrator.status,
    cells: async (query) => (await rows(query)).values,
    write: (request) => writer.ask(request),
    close: async () => {
      await Promise.all([reader.close(), writer.close()])
      unlock()
    },
  }
}
