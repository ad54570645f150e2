import { type Database, toOp } from '@parley/kernel/db'
import { insertInThread } from './in-thread.js'
import { keptGuard } from './kept-guard.js'
import { keptQuery } from './kept-query.js'
import type { ThreadStore } from './port.js'
import { fromMember, type ThreadTables, toMember } from './rows.js'

type MemberStatements = Pick<
  ThreadStore,
  'findMember' | 'listMembers' | 'countMembers' | 'insertMember' | 'removeMember' | 'markRead' | 'memberGuard'
>

export function memberStatements(database: Database): MemberStatements {
  const db = database.tables<ThreadTables>()
  const membersOf = (threadId: string) =>
    db.selectFrom('thread_members').where('thread_members.thread_id', '=', threadId)
  // `threads` comes first, and so does its lock.
  const there = db
    .selectFrom('threads')
    .innerJoin('thread_members', 'thread_members.thread_id', 'threads.id')
    .where('threads.id', '=', '')
    .where('thread_members.identity_id', '=', '')
    .select('threads.id')
  const member = keptQuery<ThreadTables['thread_members'], [threadId: string, identityId: string]>(
    database,
    membersOf('').where('identity_id', '=', '').selectAll(),
  )
  return {
    findMember: async (threadId, identityId) => {
      const row = await member(threadId, identityId)
      return row && fromMember(row)
    },

    listMembers: async (threadId) => {
      const rows = await membersOf(threadId).selectAll().orderBy('added_at').orderBy('identity_id').execute()
      return rows.map(fromMember)
    },

    countMembers: async (threadId) => {
      const count = membersOf(threadId).select(db.fn.countAll<number>().as('n'))
      return Number((await count.executeTakeFirstOrThrow()).n)
    },

    insertMember: (row) => insertInThread(database, 'thread_members', toMember(row)),

    removeMember: (threadId, identityId) =>
      toOp(
        db
          .deleteFrom('thread_members')
          .where('thread_id', '=', threadId)
          .where('identity_id', '=', identityId),
        1,
      ),

    markRead: (threadId, identityId, seq) =>
      toOp(
        db
          .updateTable('thread_members')
          .set({ read_seq: seq })
          .where('thread_id', '=', threadId)
          .where('identity_id', '=', identityId)
          .where('read_seq', '<', seq),
        1,
      ),

    memberGuard: keptGuard<[threadId: string, identityId: string]>(
      database.engine === 'postgres' ? there.forKeyShare() : there,
    ),
  }
}
