import { sql } from 'kysely'
import type { Database, Op } from '../db/index.js'
import { toOp } from '../db/index.js'
import type { Micros } from '../ids/index.js'
import type { DeliveryAttempt } from './port.js'
import { type OutboxRow, type OutboxTables, parked } from './rows.js'
import type { Verdict } from './verdict.js'

const keptAttempts = 20
const stuckBatch = 500

/** A delivery in the hands of one worker. */
export type Claimed = { id: string; claim: string }

export type Lane = Pick<OutboxRow, 'queue' | 'lane'>

/** Which deliveries of a queue may be taken. */
export type Wanted = {
  queue: string
  ordered: boolean
  /** Subjects that have enough under way here. */
  busy: readonly string[]
}

/** Which deliveries of a queue to take, by whom, and until when. */
export type Claim = Wanted & {
  claim: string
  now: Micros
  until: Micros
  limit: number
}

/** Which ended deliveries to look at: after a position, of one queue or of all. */
type Ended = { before: Micros; queue: string | undefined; after: number; limit: number }

/** Statements of the tables `outbox` and `outbox_attempts`. Those of one delivery are guards. */
export function outboxStatements(db: Database) {
  const tables = db.tables<OutboxTables>()

  /** Deliveries that still have something before them; in order only the first of each lane. */
  const open = ({ queue, ordered, busy }: Wanted) => {
    let all = tables
      .selectFrom('outbox as o')
      .where('o.queue', '=', queue)
      .where('o.next_at', 'is not', null)
      .orderBy('o.next_at')
    if (busy.length > 0)
      all = all.where((is) => is.or([is('o.subject', 'is', null), is('o.subject', 'not in', busy)]))
    if (!ordered) return all
    return all.where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('outbox as earlier')
            .select('earlier.position')
            .where('earlier.queue', '=', queue)
            .whereRef('earlier.lane', '=', 'o.lane')
            .whereRef('earlier.position', '<', 'o.position')
            .where('earlier.next_at', 'is not', null),
        ),
      ),
    )
  }

  /** Makes parked rows due: their turn has come, as far as is known. */
  const unpark = (now: Micros) =>
    tables.updateTable('outbox').set({ next_at: now }).where('next_at', '=', parked)

  /**
   * Position of the first open delivery of a lane. WHY: not an equality. Asked whether a lane has any, Postgres may think
   * that nearly every row is one, and read all there are where there is none; this order only the index of lanes has.
   */
  const firstOf = ({ queue, lane }: Lane) => sql<number>`(
    select case when "queue" = ${queue} and "lane" = ${lane} then "position" end from "outbox"
    where "next_at" is not null and ("queue", "lane") >= (${queue}, ${lane})
    order by "queue", "lane", "position" limit 1
  )`

  const update = (id: string) => tables.updateTable('outbox').where('id', '=', id)
  const untouched = (id: string) => update(id).where('state', 'in', ['waiting', 'dead'])

  const attemptOps = (id: string, { number, at, durationMs, status, error }: DeliveryAttempt): Op[] => [
    toOp(
      tables.insertInto('outbox_attempts').values({
        delivery: id,
        number,
        at,
        duration_ms: durationMs,
        status: status ?? null,
        error: error ?? null,
      }),
    ),
    toOp(
      tables
        .deleteFrom('outbox_attempts')
        .where('delivery', '=', id)
        .where('number', '<=', number - keptAttempts),
    ),
  ]

  return {
    /** Stores a delivery, unless its queue has one with that key; with `parks` one that has others before it waits for them. */
    enqueue(row: Omit<OutboxRow, 'position'>, parks: boolean): Op {
      const first = firstOf(row)
      const nextAt = sql<number>`case when ${first} is null then ${row.next_at} else ${sql.lit(parked)} end`
      return toOp(
        tables
          .insertInto('outbox')
          .values({ ...(row as OutboxRow), ...(parks && { next_at: nextAt }) })
          .onConflict((conflict) => conflict.columns(['queue', 'dedupe']).doNothing()),
      )
    },

    /** The first of lanes that are parked all the same: two nodes did not see each other. */
    stuck(queue: string) {
      const firsts = tables
        .selectFrom('outbox')
        .where('queue', '=', queue)
        .where('next_at', 'is not', null)
        .groupBy('lane')
        .select(({ fn }) => fn.min('position').as('position'))
      const stuck = tables.selectFrom('outbox').select('position').where('queue', '=', queue)
      return stuck.where('next_at', '=', parked).where('position', 'in', firsts).limit(stuckBatch).compile()
    },

    unpark: (positions: readonly number[], now: Micros): Op =>
      toOp(unpark(now).where('position', 'in', positions)),

    /** The first of a lane is due: call it after what ends the one before. */
    releaseFirst: (lane: Lane, now: Micros): Op => toOp(unpark(now).where('position', '=', firstOf(lane))),

    /** When the next delivery is due, those of crashed nodes included. */
    nextDue: (wanted: Wanted) => open(wanted).select('o.next_at').limit(1).compile(),

    claim({ claim, now, until, limit, ...wanted }: Claim): Op {
      const due = open(wanted).select('o.position').where('o.next_at', '<=', now).limit(limit)
      const taken = tables.updateTable('outbox').set(({ eb }) => ({
        state: 'sending',
        claim,
        next_at: until,
        attempts: eb('attempts', '+', 1),
      }))
      // WHY: `array(…)` is worked out once. Postgres may run a locking subquery behind `in` once a row and then
      //      take more than the limit. What another worker is taking is skipped; SQLite has one writer.
      if (db.engine === 'postgres')
        return toOp(
          taken.where(sql<boolean>`"outbox"."position" = any(array(${due.forUpdate().skipLocked()}))`),
        )
      return toOp(taken.where('position', 'in', due))
    },

    claimed: (claim: string) =>
      tables.selectFrom('outbox').selectAll().where('claim', '=', claim).orderBy('position').compile(),

    /** Remembers an attempt and what follows from it. */
    settle({ id, claim }: Claimed, verdict: Verdict, attempt: DeliveryAttempt, now: Micros): Op[] {
      const last = { claim: null, last_status: verdict.status ?? null }
      if (verdict.state === 'sent')
        // WHY: whoever took over after the claim had ended need not send it again.
        return [
          toOp(
            update(id)
              .set({ ...last, state: 'sent', next_at: null, ended_at: now, last_error: null })
              .where('next_at', 'is not', null),
            1,
          ),
          ...attemptOps(id, attempt),
        ]
      const held = update(id).where('claim', '=', claim)
      const failed = held.set(({ eb }) => ({
        ...last,
        state: verdict.state,
        next_at: verdict.state === 'waiting' ? verdict.nextAt : null,
        ended_at: verdict.state === 'dead' ? now : null,
        failures: eb('failures', '+', 1),
        last_error: verdict.error,
      }))
      return [toOp(failed, 1), ...attemptOps(id, attempt)]
    },

    /** Makes a claimed delivery due again, as if it had not been tried. */
    giveBack: ({ id, claim }: Claimed, now: Micros): Op =>
      toOp(update(id).where('claim', '=', claim).set({ state: 'waiting', claim: null, next_at: now }), 1),

    retry: (id: string, now: Micros, expiresAt: Micros): Op =>
      toOp(
        untouched(id).set(({ eb }) => ({
          state: 'waiting',
          next_at: now,
          ended_at: null,
          failures: 0,
          expires_at: eb
            .case()
            .when('expires_at', '>', expiresAt)
            .then(eb.ref('expires_at'))
            .else(expiresAt)
            .end(),
        })),
        1,
      ),

    discard: (id: string): Op[] => [
      toOp(tables.deleteFrom('outbox').where('id', '=', id).where('state', 'in', ['waiting', 'dead']), 1),
      toOp(tables.deleteFrom('outbox_attempts').where('delivery', '=', id)),
    ],

    discardAll(queue: string, subject: string): Op[] {
      const untouchedOf = tables
        .selectFrom('outbox')
        .select('id')
        .where('queue', '=', queue)
        .where('subject', '=', subject)
        .where('state', 'in', ['waiting', 'dead'])
      return [
        toOp(tables.deleteFrom('outbox_attempts').where('delivery', 'in', untouchedOf)),
        toOp(
          tables
            .deleteFrom('outbox')
            .where('queue', '=', queue)
            .where('subject', '=', subject)
            .where('state', 'in', ['waiting', 'dead']),
        ),
      ]
    },

    /** Some of what ended before a time. */
    ended({ before, queue, after, limit }: Ended) {
      const all = tables
        .selectFrom('outbox')
        .select(['id', 'position'])
        .where('position', '>', after)
        .where('ended_at', '<', before)
      const those = queue === undefined ? all : all.where('queue', '=', queue)
      return those.orderBy('position').limit(limit).compile()
    },

    forget: (ids: readonly string[], before: Micros): Op[] => [
      toOp(tables.deleteFrom('outbox').where('id', 'in', ids).where('ended_at', '<', before)),
      toOp(tables.deleteFrom('outbox_attempts').where('delivery', 'in', ids)),
    ],
  }
}

export type OutboxStatements = ReturnType<typeof outboxStatements>
