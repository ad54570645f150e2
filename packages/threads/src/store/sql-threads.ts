import { type Database, toOp } from '@parley/kernel/db'
import { keptGuard } from './kept-guard.js'
import { keptQuery } from './kept-query.js'
import type { ThreadStore } from './port.js'
import { fromThread, type ThreadTables, toThread, toThreadChange } from './rows.js'
import { visibleThreads } from './visible.js'

type ThreadStatements = Pick<
  ThreadStore,
  'findThread' | 'listThreads' | 'insertThread' | 'updateThread' | 'removeThread' | 'threadGuard'
>

const tablesInThread = ['thread_members', 'runs', 'invocations', 'changed_messages', 'questions'] as const

export function threadStatements(database: Database): ThreadStatements {
  const db = database.tables<ThreadTables>()
  const threads = () => db.selectFrom('threads').selectAll()
  const there = db.selectFrom('threads').select('id').where('id', '=', '')
  const thread = keptQuery<ThreadTables['threads'], [id: string]>(database, threads().where('id', '=', ''))
  return {
    findThread: async (id) => {
      const row = await thread(id)
      return row && fromThread(row)
    },

    listThreads: async ({ tenant, namespace = {}, memberId, after, limit }) => {
      const visible = visibleThreads(database.engine, tenant, namespace)
      if (!visible) return []
      let query = threads().where(visible)
      if (memberId !== undefined)
        query = query.where(
          'id',
          'in',
          db.selectFrom('thread_members').select('thread_id').where('identity_id', '=', memberId),
        )
      if (after)
        query = query.where((is) =>
          is(is.refTuple('created_at', 'id'), '<', is.tuple(after.createdAt, after.id)),
        )
      const rows = await query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).execute()
      return rows.map(fromThread)
    },

    insertThread: (row) =>
      toOp(
        db
          .insertInto('threads')
          .values(toThread(row))
          .onConflict((conflict) => conflict.doNothing()),
        1,
      ),

    updateThread: (id, version, change) =>
      toOp(
        db
          .updateTable('threads')
          .set({ ...toThreadChange(change), version: version + 1 })
          .where('id', '=', id)
          .where('version', '=', version),
        1,
      ),

    // WHY: the thread first. It waits for whoever adds to it, and the next statements see what was added.
    removeThread: (id) => [
      toOp(db.deleteFrom('threads').where('id', '=', id), 1),
      ...tablesInThread.map((table) => toOp(db.deleteFrom(table).where('thread_id', '=', id))),
    ],

    threadGuard: keptGuard<[id: string]>(database.engine === 'postgres' ? there.forKeyShare() : there),
  }
}
