import type { Database, Op } from '../db/index.js'
import type { Clock, Ids, Micros } from '../ids/index.js'
import type { Log } from '../log/index.js'
import { deliveryErrors } from './errors.js'
import type { DeliveryDraft, DeliveryQueue, Outbox, QueueOptions } from './port.js'
import { QueueWorker } from './queue.js'
import { outboxReads } from './reads.js'
import { type OutboxStatements, outboxStatements } from './statements.js'

export type OutboxOptions = {
  /** Has the kernel's tables. */
  db: Database
  log: Log
  clock: Clock
  ids: Ids
  /** 0 up to, but not including, 1: spreads the pauses. Default: drawn from `ids`. */
  random?(): number
  /** Told of faults that have no caller: a database that did not answer, a `send` that threw. Default: nobody. */
  onFault?(error: unknown, where: string): void
}

const defaultMaxAgeMs = 3 * 24 * 3_600_000
const maxPayloadChars = 1_048_576
const purgeBatch = 500

/** The outbox in the tables `outbox` and `outbox_attempts`. It owns nothing; each queue is stopped by who made it. */
export function createOutbox(options: OutboxOptions): Outbox {
  const { db, log, clock, ids, onFault = () => {} } = options
  const { random = () => Number.parseInt(ids.hex(4), 16) / 2 ** 32 } = options
  const statements = outboxStatements(db)
  const reads = outboxReads(db)
  const workers = new Set<DeliveryQueue>()
  /** Queues that keep order, as far as this node works on them. */
  const ordered = new Set<string>()

  const commit = async (ops: Op[]): Promise<boolean> =>
    (await log.commit({ ops, appends: [] })).outcome === 'committed'

  return {
    ...reads,
    enqueueOps: (draft) => [toEnqueueOp(draft, { ids, statements, ordered, now: clock.micros() })],
    discardOps: ({ queue, subject }) => statements.discardAll(queue, subject),
    queue: (name: string, queueOptions: QueueOptions = {}) => {
      const onStopped = (stopped: DeliveryQueue) => workers.delete(stopped)
      const deps = { db, log, clock, ids, random, statements, onFault, onStopped }
      const worker = new QueueWorker(name, deps, queueOptions)
      workers.add(worker)
      if (queueOptions.ordered) ordered.add(name)
      return worker
    },
    retry: async (id) => {
      const now = clock.micros()
      const isDue = await commit([statements.retry(id, now, now + defaultMaxAgeMs * 1000)])
      if (isDue) for (const worker of workers) worker.nudge()
      return isDue
    },
    discard: async (id) => {
      const found = await reads.get(id)
      return (
        found !== undefined &&
        commit([...statements.discard(id), statements.releaseFirst(found, clock.micros())])
      )
    },
    purge: (before, queue) => purge(before, queue),
  }

  async function purge(before: Micros, queue: string | undefined): Promise<number> {
    for (let [after, count] = [0, 0]; ; ) {
      const rows = await db.read(statements.ended({ before, queue, after, limit: purgeBatch }))
      const last = rows.at(-1)
      if (!last) return count
      await commit(
        statements.forget(
          rows.map(({ id }) => id),
          before,
        ),
      )
      after = Number(last.position)
      count += rows.length
    }
  }
}

type EnqueueDeps = { ids: Ids; statements: OutboxStatements; ordered: ReadonlySet<string>; now: Micros }

function toEnqueueOp(draft: DeliveryDraft, { ids, statements, ordered, now }: EnqueueDeps): Op {
  const { queue, lane, subject = null, dedupe, payload, target = {} } = draft
  const { delayMs = 0, maxAgeMs = defaultMaxAgeMs } = draft
  if (payload.length > maxPayloadChars)
    throw deliveryErrors.payloadTooLarge({ details: { maxChars: maxPayloadChars } })
  const row = {
    id: ids.next('dlv'),
    queue,
    lane,
    subject,
    dedupe,
    payload,
    target: JSON.stringify(target),
    state: 'waiting' as const,
    attempts: 0,
    failures: 0,
    next_at: now + Math.round(delayMs * 1000),
    claim: null,
    created_at: now,
    expires_at: now + Math.round(maxAgeMs * 1000),
    ended_at: null,
    last_error: null,
    last_status: null,
  }
  return statements.enqueue(row, delayMs === 0 && ordered.has(queue))
}
