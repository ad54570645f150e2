import { Kysely } from 'kysely'
import pg from 'pg'
import type { Clock } from '../../ids/index.js'
import type { Database } from '../port.js'
import { clientConfig } from './client-config.js'
import { migratePostgres, postgresMigrationStatus } from './migrations.js'
import { ReadingDialect } from './reading-dialect.js'

/** A Postgres database. `pool` and `connection` are for the parts of the kernel that speak to it directly. */
export interface PostgresDatabase extends Database {
  readonly engine: 'postgres'
  readonly exclusive: false
  readonly clock: Clock
  readonly pool: pg.Pool
  /** Settings for a connection outside the pool. */
  readonly connection: pg.ClientConfig
  onFault(error: unknown, where: string): void
}

export type OpenPostgresOptions = {
  /** `postgres://user:password@host:port/database`, with what `pg` understands after `?`. */
  url: string
  clock: Clock
  /** Told when an idle connection breaks. Default: nobody. */
  onFault?(error: unknown, where: string): void
  /** Most connections for reading. Default 10. The log and the bus use one more each. */
  poolSize?: number
}

/** Opens a database and checks that it answers. Rejects with the driver's error when it does not. */
export async function openPostgres(options: OpenPostgresOptions): Promise<PostgresDatabase> {
  const { url, clock, onFault = () => {}, poolSize = 10 } = options
  const connection = clientConfig(url)
  const pool = new pg.Pool({ ...connection, max: poolSize })
  pool.on('error', (error) => onFault(error, 'postgres pool'))
  // WHY: the pool listens to idle connections only. One that breaks between the answer to its query and its return is
  //      nobody's, and an error that nobody listens to ends the process. The pool gives such a connection up by itself.
  pool.on('connect', (client) => client.on('error', () => {}))
  try {
    await pool.query('select 1')
  } catch (error) {
    await pool.end()
    throw error
  }
  return database(pool, { clock, connection, onFault })
}

function database(
  pool: pg.Pool,
  parts: Pick<PostgresDatabase, 'clock' | 'connection' | 'onFault'>,
): PostgresDatabase {
  const db = new Kysely<unknown>({ dialect: new ReadingDialect({ pool }) })
  const deps = { pool, db, now: () => parts.clock.now() }
  let closing: Promise<void> | undefined
  return {
    ...parts,
    engine: 'postgres',
    exclusive: false,
    pool,
    // The caller names its own tables: the query builder's type says nothing about what is there.
    tables: <Tables>() => db as unknown as Kysely<Tables>,
    async read({ sql, parameters }) {
      return (await pool.query(sql, [...parameters])).rows
    },
    migrate: (sets) => migratePostgres(deps, sets),
    migrationStatus: (sets) => postgresMigrationStatus(deps, sets),
    close() {
      closing ??= pool.end()
      return closing
    },
  }
}
