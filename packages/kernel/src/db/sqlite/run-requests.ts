// The worker's side of reads and scripts.
import type { Connection } from './connection.js'
import { type Fault, type Query, type Rows, toFault, type WorkerStart } from './protocol.js'

/** Runs each query for itself; one that fails does not disturb the others. */
export function runReads(
  connection: Connection,
  role: WorkerStart['role'],
  queries: readonly Query[],
): (Rows | Fault)[] {
  if (role !== 'both') return queries.map((query) => runRead(connection, query))
  // WHY: the one connection of a database in memory may write, but nobody may do it through a read.
  connection.exec('pragma query_only = 1')
  try {
    return queries.map((query) => runRead(connection, query))
  } finally {
    connection.exec('pragma query_only = 0')
  }
}

/** Runs all statements in one transaction, or none. */
export function runScript(connection: Connection, queries: readonly Query[]): void {
  connection.exec('begin immediate')
  try {
    for (const query of queries) connection.run(query)
    connection.exec('commit')
  } catch (error) {
    if (connection.inTransaction()) connection.exec('rollback')
    throw error
  } finally {
    connection.forget()
  }
}

function runRead(connection: Connection, query: Query): Rows | Fault {
  try {
    return connection.all(query)
  } catch (error) {
    return toFault(error)
  }
}
