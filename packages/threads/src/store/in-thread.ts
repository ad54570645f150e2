import { type Database, type Op, toOp } from '@parley/kernel/db'
import type { ThreadTables } from './rows.js'

type TableInThread = Exclude<keyof ThreadTables, 'threads'>

/**
 * Inserts a row of a thread; refuses when the thread is gone, or when a unique index has such a row. It never raises
 * for that, which would undo the whole batch. On Postgres the thread can't be removed before the unit has committed.
 */
export function insertInThread<Table extends TableInThread>(
  database: Database,
  table: Table,
  row: ThreadTables[Table],
): Op {
  const db = database.tables<ThreadTables>()
  const entries = Object.entries(row)
  const values = db
    .selectFrom('threads')
    .where('id', '=', row.thread_id)
    .select(({ val }) => entries.map(([column, value]) => val(value).as(column)))
  const insert = db
    .insertInto(table as TableInThread)
    // The names of the row's own columns, which `Object.entries` takes for any text.
    .columns(entries.map(([column]) => column) as never)
    .expression(database.engine === 'postgres' ? values.forKeyShare() : values)
    .onConflict((conflict) => conflict.doNothing())
  return toOp(insert, 1)
}
