// Rows for the cases, and a store opened anew for each of them.
import type { Op } from '@parley/kernel/db'
import type { Log, UnitResult } from '@parley/kernel/log'
import { afterEach, beforeEach } from 'vitest'
import type { Identity } from '../../protocol/index.js'
import type { MemberRow, QueuedBy, RunRow, ThreadRow, ThreadStore } from '../port.js'

/** A store on an empty ground with its tables; the suite closes it. */
export type ThreadStoreSubject = {
  open(): Promise<{ store: ThreadStore; log: Log; close(): Promise<void> }>
}

/** What a case works with. `store` is another one in each case. */
export type Bench = {
  readonly store: ThreadStore
  /** Commits the statements as one unit. */
  commit(...ops: Op[]): Promise<UnitResult>
  outcome(...ops: Op[]): Promise<UnitResult['outcome']>
  /** How many of the statements, each a unit of its own and all at once, were committed. */
  winners(ops: readonly Op[]): Promise<number>
}

export const second = 1_000_000
export const start = 1_767_225_600 * second

export function bench(subject: ThreadStoreSubject): Bench {
  let opened: Awaited<ReturnType<ThreadStoreSubject['open']>>
  beforeEach(async () => {
    opened = await subject.open()
  })
  afterEach(() => opened.close())

  const commit = (...ops: Op[]) => opened.log.commit({ ops, appends: [] })
  const outcome = async (...ops: Op[]) => (await commit(...ops)).outcome
  return {
    get store() {
      return opened.store
    },
    commit,
    outcome,
    winners: async (ops) => {
      const outcomes = await Promise.all(ops.map((op) => outcome(op)))
      return outcomes.filter((one) => one === 'committed').length
    },
  }
}

const person = (id: string): Identity => ({ role: 'user', id, name: id, metadata: {} })

export const machine = (id: string): Identity => ({ role: 'assistant', id, name: id, metadata: {} })

export const queuedBy = (id: string, depth = 0): QueuedBy => ({ identity: person(id), depth })

export function threadOf(id: string, over: Partial<ThreadRow> = {}): ThreadRow {
  return { id, tenant: {}, metadata: {}, createdAt: start, updatedAt: start, version: 1, ...over }
}

export function memberOf(threadId: string, id: string, over: Partial<MemberRow> = {}): MemberRow {
  const identity = person(id)
  const added = { addedAt: start, addedBy: person('ann') }
  return { threadId, identityId: id, identity, role: 'user', ...added, readSeq: 0, ...over }
}

export function runOf(threadId: string, id: string, over: Partial<RunRow> = {}): RunRow {
  return {
    id,
    threadId,
    assistant: machine('bot'),
    triggeredBy: person('ann'),
    status: 'pending',
    startedAt: start,
    runningAt: null,
    completedAt: null,
    error: null,
    idempotencyKey: null,
    metadata: {},
    depth: 0,
    queuedBy: null,
    leaseExpiresAt: start + 60 * second,
    ...over,
  }
}
