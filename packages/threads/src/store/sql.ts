// Puts the statements together. On Postgres a guard locks what it looks at until the unit has committed; SQLite has one
// writer, so looking is enough. Locks are taken thread first, then member, then run: a unit that names its statements
// in this order never waits in a circle with a removal.
import type { Database } from '@parley/kernel/db'
import type { ThreadStore } from './port.js'
import { memberStatements } from './sql-members.js'
import { messageStatements } from './sql-messages.js'
import { questionStatements } from './sql-questions.js'
import { runStatements } from './sql-runs.js'
import { threadStatements } from './sql-threads.js'

/** The one implementation: typed SQL that both engines run. */
export function sqlThreadStore(database: Database): ThreadStore {
  return {
    ...threadStatements(database),
    ...memberStatements(database),
    ...messageStatements(database),
    ...runStatements(database),
    ...questionStatements(database),
  }
}
