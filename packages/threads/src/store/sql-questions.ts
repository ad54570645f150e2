import type { Database } from '@parley/kernel/db'
import { type Selectable, sql } from 'kysely'
import { insertInThread } from './in-thread.js'
import type { QuestionRow, ThreadStore } from './port.js'
import type { ThreadTables } from './rows.js'

type QuestionStatements = Pick<ThreadStore, 'findQuestions' | 'findToolQuestion' | 'insertQuestion'>

// WHY: written out, not bound: the index holds calls of tools only.
const ofTool = sql<boolean>`kind = 'tool'`

export function questionStatements(database: Database): QuestionStatements {
  const db = database.tables<ThreadTables>()
  const inThread = (threadId: string) =>
    db.selectFrom('questions').selectAll().where('thread_id', '=', threadId)
  return {
    findQuestions: async (threadId, eventId) => {
      const rows = await inThread(threadId).where('event_id', '=', eventId).orderBy('subject_id').execute()
      return rows.map(fromQuestion)
    },

    findToolQuestion: async (threadId, callId) => {
      const calls = inThread(threadId).where('subject_id', '=', callId).where(ofTool)
      const row = await calls.orderBy('event_id', 'desc').limit(1).executeTakeFirst()
      return row && fromQuestion(row)
    },

    insertQuestion: (row) =>
      insertInThread(database, 'questions', {
        thread_id: row.threadId,
        event_id: row.eventId,
        subject_id: row.subjectId,
        kind: row.kind,
        decision_id: row.decisionId,
        run_id: row.runId,
      }),
  }
}

function fromQuestion(row: Selectable<ThreadTables['questions']>): QuestionRow {
  return {
    threadId: row.thread_id,
    eventId: row.event_id,
    subjectId: row.subject_id,
    // The cast: nothing but `insertQuestion` writes the column.
    kind: row.kind as QuestionRow['kind'],
    decisionId: row.decision_id,
    runId: row.run_id,
  }
}
