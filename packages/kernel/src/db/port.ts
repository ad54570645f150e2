import type { Compilable, CompiledQuery, Kysely } from 'kysely'

export type Engine = 'sqlite' | 'postgres'
export type SqlValue = string | number | bigint | null | Uint8Array

/**
 * One compiled statement of a unit. With `atLeast` it is a guard: when it touches (or returns) fewer
 * rows, its unit fails and only that unit.
 */
export type Op = { sql: string; params: readonly SqlValue[]; atLeast?: number }

/** One step of a schema's history. Statements are data, built with Kysely for the engine at hand. */
export type Migration = {
  /** Sortable and never changed once released, for example `001-sessions`. */
  name: string
  statements(db: Kysely<unknown>, engine: Engine): Compilable[]
}

/** All steps of one owner (`kernel`, `handshake`, …), applied in order of name. */
export type MigrationSet = { owner: string; migrations: readonly Migration[] }

/** Where a set stands. */
export type MigrationStatus = { owner: string; applied: string[]; pending: string[] }

/** SQLite or Postgres behind one handle. */
export interface Database {
  readonly engine: Engine
  /**
   * True when this process is the only writer: rows it cached are current without asking. Holds for
   * SQLite, whose data directory belongs to one process.
   */
  readonly exclusive: boolean
  /** Typed building and reading. Writing goes through a unit of the log; there are no transactions here. */
  tables<Tables>(): Kysely<Tables>
  /** Runs one reading statement. */
  read<Row>(query: CompiledQuery<Row>): Promise<Row[]>
  /** Applies what is missing, under a lock that other processes respect. */
  migrate(sets: readonly MigrationSet[]): Promise<void>
  migrationStatus(sets: readonly MigrationSet[]): Promise<MigrationStatus[]>
  close(): Promise<void>
}
