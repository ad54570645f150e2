// Rows for the cases, and a store opened anew for each of them.
import type { Op } from '@parley/kernel/db'
import type { Log, UnitResult } from '@parley/kernel/log'
import type { Identity } from '@parley/kernel/principal'
import { afterEach, beforeEach } from 'vitest'
import type {
  CallRow,
  HostRow,
  InstanceRow,
  MessageRow,
  PermissionRow,
  SessionRow,
  SessionsStore,
  TemplateRow,
} from '../port.js'

/** A store on an empty ground with its tables; the suite closes it. `again` is another one on the same data. */
export type SessionsStoreSubject = {
  open(): Promise<{ store: SessionsStore; again: SessionsStore; log: Log; close(): Promise<void> }>
}

/** What a case works with. `store` is another one in each case. */
export type Bench = {
  readonly store: SessionsStore
  readonly again: SessionsStore
  /** Commits the statements as one unit. */
  commit(...ops: Op[]): Promise<UnitResult>
  outcome(...ops: Op[]): Promise<UnitResult['outcome']>
  /** How many of the statements, each a unit of its own and all at once, were committed. */
  winners(ops: readonly Op[]): Promise<number>
}

const second = 1_000_000
export const start = 1_767_225_600 * second
/** Text that databases and JSON handle in ways of their own. */
export const odd = 'Ñ 🙂 \u0000 \ud800'

export function bench(subject: SessionsStoreSubject): Bench {
  let opened: Awaited<ReturnType<SessionsStoreSubject['open']>>
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
    get again() {
      return opened.again
    },
    commit,
    outcome,
    winners: async (ops) => {
      const outcomes = await Promise.all(ops.map((op) => outcome(op)))
      return outcomes.filter((one) => one === 'committed').length
    },
  }
}

const ann: Identity = { kind: 'user', id: 'ann', name: 'Ann', tenant: { org: 'A' } }

export function sessionOf(id: string, over: Partial<SessionRow> = {}): SessionRow {
  return {
    id,
    tenant: {},
    owner: ann,
    agentName: 'Agent',
    spawn: { command: 'node', args: [] },
    cwd: null,
    title: null,
    status: 'active',
    runtimeType: 'local',
    instance: 'local',
    runtimeInfo: null,
    hostId: null,
    startedAt: start,
    updatedAt: start,
    processing: false,
    autoApprove: false,
    queue: null,
    commands: [],
    callbackHash: 'hash',
    callsBack: false,
    end: null,
    ...over,
  }
}

export function permissionOf(
  sessionId: string,
  requestId: string,
  over: Partial<PermissionRow> = {},
): PermissionRow {
  const options = [{ optionId: 'yes', name: odd, kind: 'allow_once' }]
  const request = { requestId, toolCallId: 'call', title: odd, options }
  return { sessionId, requestId, decisionId: 'dec_1', request, state: 'open', askedAt: start, ...over }
}

export function templateOf(id: string, over: Partial<TemplateRow> = {}): TemplateRow {
  return {
    id,
    name: `Template ${id}`,
    spawn: { command: 'node', args: ['a.js'] },
    runtime: { provider: 'local' },
    env: null,
    managedPosition: null,
    createdAt: start,
    ...over,
  }
}

export const instanceOf = (name: string, over: Partial<InstanceRow> = {}): InstanceRow => ({
  name,
  typeName: 'docker',
  status: 'running',
  createdAt: start,
  ...over,
})

export const hostOf = (id: string, over: Partial<HostRow> = {}): HostRow => ({
  id,
  name: odd,
  tokenHash: `hash of ${id}`,
  acked: null,
  lostAt: null,
  createdAt: start,
  ...over,
})

export const callOf = (key: string, over: Partial<CallRow> = {}): CallRow => ({
  key,
  hostId: 'h1',
  sessionId: 's1',
  rank: 2,
  method: 'POST',
  path: '/sessions/s1/prompt',
  body: { text: odd },
  createdAt: start,
  ...over,
})

export const messageOf = (id: number, over: Partial<MessageRow> = {}): MessageRow => ({
  id,
  tenant: {},
  sender: ann,
  sessionId: 's1',
  text: odd,
  runtime: 'local',
  agent: 'Codex',
  agentTemplateId: null,
  directory: null,
  status: 'pending',
  createdAt: start,
  sentAt: null,
  ...over,
})
