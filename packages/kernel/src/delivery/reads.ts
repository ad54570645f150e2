import type { Database } from '../db/index.js'
import type { Outbox } from './port.js'
import { type OutboxTables, summaryColumns, toAttempt, toDelivery, toSummary } from './rows.js'

const defaultLimit = 50
const maxLimit = 500

/** The outbox as people look at it. */
export function outboxReads(db: Database): Pick<Outbox, 'list' | 'get' | 'counts'> {
  const tables = db.tables<OutboxTables>()
  return {
    async list({ queue, lane, subject, state, before, limit = defaultLimit }) {
      let query = tables.selectFrom('outbox').select(summaryColumns).where('queue', '=', queue)
      if (lane !== undefined) query = query.where('lane', '=', lane)
      if (subject !== undefined) query = query.where('subject', '=', subject)
      if (state !== undefined) query = query.where('state', '=', state)
      if (before !== undefined) query = query.where('position', '<', before)
      const most = Math.min(Math.max(0, limit), maxLimit)
      return (await db.read(query.orderBy('position', 'desc').limit(most).compile())).map(toSummary)
    },

    async get(id) {
      const delivery = tables
        .selectFrom('outbox')
        .select([...summaryColumns, 'payload'])
        .where('id', '=', id)
      const attempts = tables.selectFrom('outbox_attempts').selectAll().where('delivery', '=', id)
      const [rows, history] = await Promise.all([
        db.read(delivery.compile()),
        db.read(attempts.orderBy('number').compile()),
      ])
      return rows[0] && { ...toDelivery(rows[0]), history: history.map(toAttempt) }
    },

    async counts(queue) {
      const query = tables
        .selectFrom('outbox')
        .select(({ fn }) => ['state', fn.countAll().as('count')])
        .where('queue', '=', queue)
        .groupBy('state')
      const counts = { waiting: 0, sending: 0, sent: 0, dead: 0 }
      for (const { state, count } of await db.read(query.compile())) counts[state] = Number(count)
      return counts
    },
  }
}
