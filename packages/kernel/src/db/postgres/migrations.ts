import type { Kysely } from 'kysely'
import type pg from 'pg'
import {
  type AppliedMigration,
  createHistory,
  planMigrations,
  selectHistory,
  toMigrationStatus,
} from '../migrate.js'
import type { MigrationSet, MigrationStatus, Op } from '../port.js'

// An arbitrary number that only Parley's migrations lock.
const lock = 7_274_110_950

export type MigrateDeps = { pool: pg.Pool; db: Kysely<unknown>; now(): number }

/** Applies what is missing in one transaction; a second process waits and then finds nothing to do. */
export async function migratePostgres(deps: MigrateDeps, sets: readonly MigrationSet[]): Promise<void> {
  const client = await deps.pool.connect()
  try {
    await client.query('begin')
    await client.query('select pg_advisory_xact_lock($1)', [lock])
    await run(client, createHistory(deps.db))
    const applied = await readHistory(client, deps.db)
    const plan = { sets, applied, db: deps.db, engine: 'postgres', at: deps.now() } as const
    for (const step of planMigrations(plan)) for (const op of step.ops) await run(client, op)
    await client.query('commit')
    client.release()
  } catch (error) {
    // WHY: closed rather than given back, which undoes the transaction whatever state it is in.
    client.release(true)
    throw error
  }
}

/** Where the sets stand. Changes nothing. */
export async function postgresMigrationStatus(
  { pool, db }: MigrateDeps,
  sets: readonly MigrationSet[],
): Promise<MigrationStatus[]> {
  const { rows } = await pool.query<{ there: boolean }>(
    `select to_regclass('parley_migrations') is not null as there`,
  )
  return toMigrationStatus(sets, rows[0]?.there ? await readHistory(pool, db) : [])
}

async function readHistory(from: pg.Pool | pg.PoolClient, db: Kysely<unknown>): Promise<AppliedMigration[]> {
  const { sql, params } = selectHistory(db)
  return (await from.query<AppliedMigration>(sql, [...params])).rows
}

async function run(client: pg.PoolClient, { sql, params }: Op): Promise<void> {
  await client.query(sql, [...params])
}
