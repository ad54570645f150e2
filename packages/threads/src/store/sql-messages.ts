import { type Database, type Op, toOp } from '@parley/kernel/db'
import type { ThreadStore } from './port.js'
import type { ThreadTables } from './rows.js'

type MessageStatements = Pick<ThreadStore, 'findDeletedMessages' | 'editMessage' | 'deleteMessage'>

export function messageStatements(database: Database): MessageStatements {
  const db = database.tables<ThreadTables>()
  return {
    findDeletedMessages: async (threadId, eventIds) => {
      if (eventIds.length === 0) return []
      const rows = await db
        .selectFrom('changed_messages')
        .select('event_id')
        .where('thread_id', '=', threadId)
        .where('event_id', 'in', eventIds)
        .where('deleted_at', 'is not', null)
        .execute()
      return rows.map(({ event_id }) => event_id)
    },

    editMessage: (threadId, eventId) => change(threadId, eventId, null),
    deleteMessage: (threadId, eventId, at) => change(threadId, eventId, at),
  }

  /** Both write the message's row, so that on Postgres the later one waits and then sees what the first one did. */
  function change(threadId: string, eventId: string, deletedAt: number | null): Op {
    const row = db
      .selectFrom('threads')
      .where('id', '=', threadId)
      .select(({ ref, val }) => [
        ref('threads.id').as('thread_id'),
        val(eventId).as('event_id'),
        val(deletedAt).as('deleted_at'),
      ])
    const upsert = db
      .insertInto('changed_messages')
      .columns(['thread_id', 'event_id', 'deleted_at'])
      .expression(database.engine === 'postgres' ? row.forKeyShare() : row)
      .onConflict((conflict) =>
        conflict
          .columns(['thread_id', 'event_id'])
          .doUpdateSet(({ ref }) => ({ deleted_at: ref('excluded.deleted_at') }))
          .where('changed_messages.deleted_at', 'is', null),
      )
    return toOp(upsert, 1)
  }
}
