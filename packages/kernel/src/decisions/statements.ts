import { sql } from 'kysely'
import { type Database, type Op, toOp } from '../db/index.js'
import type { Micros, StreamId } from '../ids/index.js'
import { identityKey } from './identity-key.js'
import type { AnsweredDecision, Decision, DecisionId, DecisionQuery, OpenDecision } from './port.js'
import { type DecisionRow, fromRow, toAnswerColumns, toRow } from './rows.js'

type Tables = { decisions: DecisionRow }

const defaultPage = 50
const maxPage = 200

// WHY: written out, not bound: an index that holds open ones only is of no use to a statement that could mean others.
const open = sql.lit('open' as const)

/** Reads and statements of the table `decisions`. Every change is a guard: it touches its row or refuses its unit. */
export function decisionStatements(db: Database) {
  const tables = db.tables<Tables>()
  const all = () => tables.selectFrom('decisions').selectAll()
  const openOne = (id: DecisionId) =>
    tables.updateTable('decisions').where('id', '=', id).where('state', '=', open)
  const openOfKinds = (kinds: readonly string[]) =>
    tables
      .selectFrom('decisions')
      .where('kind', 'in', kinds)
      .where('state', '=', open)
      .where('deadline', 'is not', null)

  return {
    async find(id: DecisionId): Promise<Decision | undefined> {
      const [row] = await db.read(all().where('id', '=', id).compile())
      return row && fromRow(row)
    },

    async open(stream: StreamId): Promise<OpenDecision[]> {
      const query = all().where('stream', '=', stream).where('state', '=', open)
      const rows = await db.read(query.orderBy('created_at').orderBy('id').compile())
      return rows.map((row) => ({ ...fromRow(row), state: 'open' }))
    },

    async list({ tenantKeys, state, before, limit = defaultPage }: DecisionQuery): Promise<Decision[]> {
      if (tenantKeys.length === 0) return []
      let query = all().where('tenant_key', 'in', tenantKeys)
      if (state) query = query.where('state', '=', state)
      if (before)
        query = query.where((is) =>
          is.or([
            is('created_at', '<', before.createdAt),
            is.and([is('created_at', '=', before.createdAt), is('id', '<', before.id)]),
          ]),
        )
      const page = query.orderBy('created_at', 'desc').orderBy('id', 'desc')
      const rows = await db.read(page.limit(Math.min(Math.max(0, limit), maxPage)).compile())
      return rows.map(fromRow)
    },

    /** Open ones of a kind whose deadline is here, the oldest first. */
    async due(kind: string, now: Micros, limit: number): Promise<OpenDecision[]> {
      const query = openOfKinds([kind]).selectAll().where('deadline', '<=', now)
      const rows = await db.read(query.orderBy('deadline').limit(limit).compile())
      return rows.map((row) => ({ ...fromRow(row), state: 'open' }))
    },

    /** The first deadline of an open one of these kinds. */
    async nextDeadline(kinds: readonly string[]): Promise<Micros | undefined> {
      if (kinds.length === 0) return undefined
      const query = openOfKinds(kinds).select('deadline').orderBy('deadline').limit(1)
      const [row] = await db.read(query.compile())
      return row && Number(row.deadline)
    },

    /** Refuses its unit when the stream has `maxOpen` open ones. */
    insert: (decision: OpenDecision, maxOpen: number): Op => {
      const row = toRow(decision)
      const names = Object.keys(row) as (keyof DecisionRow)[]
      const openThere = tables
        .selectFrom('decisions')
        .select(({ fn }) => fn.countAll<number>().as('n'))
        .where('stream', '=', row.stream)
        .where('state', '=', open)
      const values = tables
        .selectNoFrom(names.map((name) => sql`${row[name]}`.as(name)))
        .where(openThere, '<', maxOpen)
      return toOp(tables.insertInto('decisions').columns(names).expression(values), 1)
    },

    answer: (answered: AnsweredDecision): Op =>
      toOp(
        openOne(answered.id)
          .set(toAnswerColumns(answered))
          .where('asker_key', '!=', identityKey(answered.answeredBy))
          .where((is) => is.or([is('deadline', 'is', null), is('deadline', '>', answered.answeredAt)])),
        1,
      ),

    withdraw: (id: DecisionId): Op => toOp(openOne(id).set({ state: 'withdrawn' }), 1),

    expire: (id: DecisionId, now: Micros): Op =>
      toOp(openOne(id).set({ state: 'expired' }).where('deadline', '<=', now), 1),

    forget: (stream: StreamId): Op => toOp(tables.deleteFrom('decisions').where('stream', '=', stream)),
  }
}

export type DecisionStatements = ReturnType<typeof decisionStatements>
