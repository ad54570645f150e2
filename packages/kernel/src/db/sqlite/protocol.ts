// What the main thread and a database worker say to each other. A worker answers in the order it was
// asked, so messages need no numbers.
import type { JournalRequest } from '../../log/sqlite/protocol.js'
import type { SqlValue } from '../port.js'

/** A statement and its parameters. */
export type Query = { readonly sql: string; readonly params: readonly SqlValue[] }

/** Answer of one query: its columns and the values of all rows, row after row. */
export type Rows = { columns: readonly string[]; values: readonly SqlValue[] }

/** An error on its way between threads. */
export type Fault = { message: string; code?: string }

/** What a database worker does. */
export type WorkerRequest =
  /** Answers `(Rows | Fault)[]`. */
  | { kind: 'read'; queries: readonly Query[] }
  /** Runs all in one transaction; answers nothing. */
  | { kind: 'script'; queries: readonly Query[] }
  /** Forgets prepared statements: the schema has changed. */
  | { kind: 'forget' }
  | { kind: 'close' }
  | JournalRequest

export type Reply = { answer: unknown } | { fault: Fault }

/** How a worker begins. */
export type WorkerStart = {
  /** `:memory:` or the database file. */
  file: string
  /** `reader` can't write; `both` serves a database in memory, which has one connection. */
  role: 'writer' | 'reader' | 'both'
  /** While its first cell is not 0, the writer waits before each commit. */
  commitLatch?: SharedArrayBuffer
}

/** The error as data. */
export function toFault(error: unknown): Fault {
  if (!(error instanceof Error)) return { message: String(error) }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  return { message: error.message, code }
}

/** The data as an error, with SQLite's name of the failure in `code`. */
export function fromFault({ message, code }: Fault): Error {
  const error = new Error(message)
  return code === undefined ? error : Object.assign(error, { code })
}

/** Tells a failed query from its rows. */
export function isFault(answer: Rows | Fault): answer is Fault {
  return 'message' in answer
}
