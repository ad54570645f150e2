// Plans migrations for any engine: which steps are missing, and their statements as data. Running them
// in one transaction under the engine's lock is the engine's part.
import type { Kysely } from 'kysely'
import type { Engine, Migration, MigrationSet, MigrationStatus, Op } from './port.js'
import { toOp } from './to-op.js'

/** A row of `parley_migrations`. */
export type AppliedMigration = { owner: string; name: string }

/** One missing step: its statements and, last, the row that remembers it. */
export type MigrationStep = { owner: string; name: string; ops: Op[] }

/** What a plan is made from. `db` only compiles; `at` is written into `applied_at` (ms since 1970). */
export type MigrationPlan = {
  sets: readonly MigrationSet[]
  applied: readonly AppliedMigration[]
  db: Kysely<unknown>
  engine: Engine
  at: number
}

type History = { parley_migrations: AppliedMigration & { applied_at: number } }

/** Makes the table of applied steps; harmless when it is there. */
export function createHistory(db: Kysely<unknown>): Op {
  return toOp(
    db.schema
      .createTable('parley_migrations')
      .ifNotExists()
      .addColumn('owner', 'text', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('applied_at', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('parley_migrations_pkey', ['owner', 'name']),
  )
}

/** Lists what was applied. The table must exist. */
export function selectHistory(db: Kysely<unknown>): Op {
  const history = db as unknown as Kysely<History>
  return toOp(history.selectFrom('parley_migrations').select(['owner', 'name']))
}

/**
 * The missing steps, set by set in the order given and by name inside a set. Throws when a step is
 * declared twice.
 */
export function planMigrations({ sets, applied, db, engine, at }: MigrationPlan): MigrationStep[] {
  const done = new Set(applied.map(stepKey))
  const steps = sets.flatMap(({ owner, migrations }) => inOrder(migrations).map((step) => ({ owner, step })))
  assertDistinct(steps.map(({ owner, step }) => stepKey({ owner, name: step.name })))
  return steps
    .filter(({ owner, step }) => !done.has(stepKey({ owner, name: step.name })))
    .map(({ owner, step }) => ({
      owner,
      name: step.name,
      ops: [...step.statements(db, engine).map((query) => toOp(query)), remember(db, owner, step.name, at)],
    }))
}

/** Where each set stands. Steps of a set that this program does not know are listed as applied. */
export function toMigrationStatus(
  sets: readonly MigrationSet[],
  applied: readonly AppliedMigration[],
): MigrationStatus[] {
  return sets.map(({ owner, migrations }) => {
    const done = applied.filter((row) => row.owner === owner).map((row) => row.name)
    const pending = inOrder(migrations).filter((step) => !done.includes(step.name))
    return { owner, applied: done.sort(), pending: pending.map((step) => step.name) }
  })
}

function inOrder(migrations: readonly Migration[]): Migration[] {
  return [...migrations].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
}

function stepKey({ owner, name }: AppliedMigration): string {
  return `${owner}/${name}`
}

function assertDistinct(keys: readonly string[]): void {
  const twice = keys.find((key, index) => keys.indexOf(key) !== index)
  if (twice !== undefined) throw new Error(`Migration ${twice} is declared twice.`)
}

function remember(db: Kysely<unknown>, owner: string, name: string, at: number): Op {
  const history = db as unknown as Kysely<History>
  return toOp(history.insertInto('parley_migrations').values({ owner, name, applied_at: at }))
}
