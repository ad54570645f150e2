// One libsql connection with its prepared statements. Runs in a worker thread.
import Libsql from 'libsql'
import type { SqlValue } from '../port.js'
import type { Query, Rows, WorkerStart } from './protocol.js'

const maxStatements = 500

type Prepared =
  | { rows(params: SqlValue[]): SqlValue[][]; columns: readonly string[] }
  | { change(params: SqlValue[]): number }

/** A connection as workers use it. */
export type Connection = {
  exec(sql: string): void
  /** True between `begin` and the end of the transaction, which SQLite itself may bring about. */
  inTransaction(): boolean
  all(query: Query): Rows
  /** Runs a statement; answers how many rows it changed, or returned. */
  run(query: Query): number
  /** A statement of our own for the hot path: parameters are bound as they are. */
  prepare(sql: string): Libsql.Statement<unknown[]>
  forget(): void
  close(): void
}

/** Opens the database with the settings of its role. */
export function openConnection({ file, role }: Pick<WorkerStart, 'file' | 'role'>): Connection {
  const db = new Libsql(file)
  for (const pragma of pragmas[role]) db.exec(`pragma ${pragma}`)
  return connectionOf(db)
}

/** The same over an open database. */
export function connectionOf(db: Libsql.Database): Connection {
  const statements = new Map<string, Prepared>()
  const find = (sql: string) => statements.get(sql) ?? keep(statements, sql, prepare(db, sql))
  return {
    exec: (sql) => void db.exec(sql),
    inTransaction: () => db.inTransaction,
    all: ({ sql, params }) => {
      const statement = find(sql)
      const values = toBind(params)
      if ('rows' in statement) return { columns: statement.columns, values: statement.rows(values).flat() }
      statement.change(values)
      return { columns: [], values: [] }
    },
    run: ({ sql, params }) => {
      const statement = find(sql)
      const values = toBind(params)
      return 'rows' in statement ? statement.rows(values).length : statement.change(values)
    },
    prepare: (sql) => db.prepare(sql),
    forget: () => statements.clear(),
    close: () => void db.close(),
  }
}

const common = ['busy_timeout = 5000', 'foreign_keys = off']
const pragmas: Record<WorkerStart['role'], string[]> = {
  // The size limit shrinks the write-ahead file again after a burst.
  writer: [...common, 'journal_mode = wal', 'synchronous = full', 'journal_size_limit = 67108864'],
  reader: [...common, 'query_only = 1'],
  both: common,
}

// OUTSIDE: `get` adds a `_metadata` property to its row and `columns` costs more than a small query:
//          only `all` in raw mode, and the columns are kept.
function prepare(db: Libsql.Database, sql: string): Prepared {
  const statement = db.prepare(sql)
  if (!statement.reader) return { change: (params) => statement.run(params).changes }
  statement.raw(true)
  return {
    columns: statement.columns().map((column) => column.name),
    // In raw mode libsql answers arrays of the values it can bind.
    rows: (params) => statement.all(params) as SqlValue[][],
  }
}

function keep(statements: Map<string, Prepared>, sql: string, prepared: Prepared): Prepared {
  if (statements.size >= maxStatements) statements.clear()
  statements.set(sql, prepared)
  return prepared
}

function toBind(params: readonly SqlValue[]): SqlValue[] {
  return params.map(bindable)
}

// OUTSIDE: libsql binds every number as a real, which a column without integer affinity and the JSON
//          functions show as `5.0`; it ends the process when it meets a boolean; and it cuts text at
//          a NUL when reading (Postgres refuses such text).
function bindable(value: unknown): SqlValue {
  switch (typeof value) {
    case 'number':
      return Number.isSafeInteger(value) ? BigInt(value) : value
    case 'string':
      if (value.includes('\0')) throw new TypeError('Text with a NUL character can not be stored.')
      return value
    case 'bigint':
      return value
    case 'object':
      if (value === null || value instanceof Uint8Array) return value
  }
  throw new TypeError(`A statement can not carry a parameter of type ${typeof value}.`)
}
