// Migrations on SQLite: planned here, run by the writer in one transaction.
import type { Kysely } from 'kysely'
import type { Clock } from '../../ids/index.js'
import {
  type AppliedMigration,
  createHistory,
  planMigrations,
  selectHistory,
  toMigrationStatus,
} from '../migrate.js'
import type { MigrationSet, MigrationStatus } from '../port.js'
import type { Query } from './protocol.js'

/** What a migrator works with. */
export type MigratorDeps = {
  db: Kysely<unknown>
  clock: Clock
  select<Row>(query: Query): Promise<Row[]>
  /** Runs all in one transaction of the writer. */
  script(queries: readonly Query[]): Promise<void>
}

/** Both halves of a database's migrations. Runs one at a time. */
export function createMigrator(deps: MigratorDeps) {
  let last: Promise<unknown> = Promise.resolve()
  const status = async (sets: readonly MigrationSet[]): Promise<MigrationStatus[]> =>
    toMigrationStatus(sets, await appliedOf(deps))
  const migrate = (sets: readonly MigrationSet[]): Promise<void> => {
    const run = last.then(() => apply(deps, sets))
    last = run.catch(() => {})
    return run
  }
  return { status, migrate }
}

async function apply(deps: MigratorDeps, sets: readonly MigrationSet[]): Promise<void> {
  const applied = await appliedOf(deps)
  const { db, clock } = deps
  const steps = planMigrations({ sets, applied, db, engine: 'sqlite', at: clock.now() })
  if (steps.length > 0) await deps.script([createHistory(db), ...steps.flatMap((step) => step.ops)])
}

// A new database has no history, and asking where it stands must not write one.
async function appliedOf({ db, select }: MigratorDeps): Promise<AppliedMigration[]> {
  const sql = `select 1 from sqlite_master where type = 'table' and name = 'parley_migrations'`
  const found = await select({ sql, params: [] })
  return found.length > 0 ? select<AppliedMigration>(selectHistory(db)) : []
}
