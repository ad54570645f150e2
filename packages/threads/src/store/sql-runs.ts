import { type Database, toOp } from '@parley/kernel/db'
import { sql } from 'kysely'
import { insertInThread } from './in-thread.js'
import { keptGuard } from './kept-guard.js'
import type { ThreadStore } from './port.js'
import {
  fromInvocation,
  fromRun,
  isActive,
  type ThreadTables,
  toInvocation,
  toRun,
  toRunChange,
} from './rows.js'

type RunReads = Pick<
  ThreadStore,
  'findRun' | 'findRuns' | 'listRuns' | 'findActiveRun' | 'orphans' | 'findInvocation'
>
type RunOps = Pick<
  ThreadStore,
  'insertRun' | 'moveRun' | 'renewRun' | 'queueAfter' | 'runGuard' | 'insertInvocation'
>

export function runStatements(database: Database): RunReads & RunOps {
  return { ...runReads(database), ...runOps(database) }
}

function runReads(database: Database): RunReads {
  const db = database.tables<ThreadTables>()
  const runs = () => db.selectFrom('runs').selectAll()
  return {
    findRun: async (id) => {
      const row = await runs().where('id', '=', id).executeTakeFirst()
      return row && fromRun(row)
    },

    findRuns: async (ids) => {
      if (ids.length === 0) return []
      const rows = await runs().where('id', 'in', ids).execute()
      return rows.map(fromRun)
    },

    listRuns: async (threadId, { activeOnly = false, after, limit }) => {
      let query = runs().where('thread_id', '=', threadId)
      if (activeOnly) query = query.where(isActive())
      if (after)
        query = query.where((is) =>
          is(is.refTuple('started_at', 'id'), '<', is.tuple(after.startedAt, after.id)),
        )
      const rows = await query.orderBy('started_at', 'desc').orderBy('id', 'desc').limit(limit).execute()
      return rows.map(fromRun)
    },

    findActiveRun: async (threadId, assistantId) => {
      const ofAssistant = runs().where('thread_id', '=', threadId).where('assistant_id', '=', assistantId)
      const row = await ofAssistant.where(isActive()).executeTakeFirst()
      return row && fromRun(row)
    },

    orphans: async (now, limit) => {
      const past = runs().where(isActive()).where('lease_expires_at', '<', now)
      const rows = await past.orderBy('lease_expires_at').orderBy('id').limit(limit).execute()
      return rows.map(fromRun)
    },

    findInvocation: async (threadId, key) => {
      const ofThread = db.selectFrom('invocations').where('thread_id', '=', threadId)
      const row = await ofThread.where('key', '=', key).selectAll().executeTakeFirst()
      return row && fromInvocation(row)
    },
  }
}

function runOps(database: Database): RunOps {
  const db = database.tables<ThreadTables>()
  const active = (id: string) => db.updateTable('runs').where('id', '=', id).where(isActive())
  const running = db
    .selectFrom('runs')
    .select('id')
    .where('id', '=', '')
    .where(sql<boolean>`status = 'running'`)
  return {
    insertRun: (row) => insertInThread(database, 'runs', toRun(row)),

    moveRun: (id, from, to, change, { isQueued, leaseExpiresAt } = {}) => {
      let run = active(id).where('status', 'in', from)
      if (isQueued !== undefined) run = run.where('queued_by', isQueued ? 'is not' : 'is', null)
      if (leaseExpiresAt !== undefined) run = run.where('lease_expires_at', '=', leaseExpiresAt)
      return toOp(run.set({ ...toRunChange(change), status: to }), 1)
    },

    renewRun: (id, leaseExpiresAt) => toOp(active(id).set({ lease_expires_at: leaseExpiresAt }), 1),

    queueAfter: (id, by) =>
      toOp(active(id).set({ queued_by: sql<string>`coalesce(queued_by, ${JSON.stringify(by)})` }), 1),

    // WHY: not a key share, which lets the status change.
    runGuard: keptGuard<[id: string]>(database.engine === 'postgres' ? running.forShare() : running),

    insertInvocation: (row) => insertInThread(database, 'invocations', toInvocation(row)),
  }
}
