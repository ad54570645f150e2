import { randomUUID } from 'node:crypto'
import { createDecisions } from '@parley/kernel/decisions'
import { type Ground, openGround } from '@parley/kernel/ground'
import type { StoredEvent } from '@parley/kernel/log'
import { type FakeClock, fakeClock } from '@parley/testkit'
import { onTestFinished } from 'vitest'
import type { WireEvent } from '../../protocol/index.js'
import { sessionsMigrations, sqlSessionsStore } from '../../store/index.js'
import type { SessionRow, SessionsStore } from '../../store/port.js'
import { createIntake, type SessionsIntake } from '../intake/intake.js'
import { streamOf } from '../intake/streams.js'
import type { SessionsHandlers } from '../options.js'
import { createPermissions, type Permissions } from '../permissions/index.js'
import type { RuntimeRouter } from '../port.js'
import { listen } from './fake-host.test.support.js'
import { createHosts, type Hosts } from './index.js'

/** One node's server side of links, without doors. */
export type Node = {
  ground: Ground
  store: SessionsStore
  intake: SessionsIntake
  hosts: Hosts
  permissions: Permissions
  url: string
  faults: unknown[]
  stop(): Promise<void>
}

export type NodeOptions = Pick<SessionsHandlers, 'onPermissionRequest'> & {
  /** Replaces what a unit is committed by. */
  commit?(commit: Ground['log']['commit']): Ground['log']['commit']
}

/** Stopped when the test is over; the ground stays open. */
export async function startNode(
  given: Ground,
  { onPermissionRequest, commit }: NodeOptions = {},
): Promise<Node> {
  await given.db.migrate([sessionsMigrations])
  const ground = commit
    ? { ...given, log: withCommit(given.log, commit(given.log.commit.bind(given.log))) }
    : given
  const store = sqlSessionsStore(ground.db)
  const faults: unknown[] = []
  const onFault = (error: unknown) => void faults.push(error)
  const decisions = createDecisions({ ground, onFault })
  const hasPermissionHandler = onPermissionRequest !== undefined
  const intake = createIntake({ ground, store, decisions, hasPermissionHandler, onFault })
  const hosts = createHosts({ ground, store, intake, onFault })
  const router: RuntimeRouter = {
    session: ({ hostId, id }, request, options) =>
      hosts.links.request(hostId ?? '', { ...request, path: `/sessions/${id}${request.path}` }, options),
    instance: (_, name, request) => hosts.links.request(name, request),
  }
  const deliver = (hostId: string) => hosts.deliver(hostId)
  const permissions = createPermissions({
    ground,
    store,
    decisions,
    router,
    intake,
    onPermissionRequest,
    deliver,
    onFault,
  })
  permissions.start()
  const url = await listen(hosts.acceptLink)
  let stopping: Promise<void> | undefined
  const stop = async () => {
    await permissions.stop()
    await hosts.stop()
    await decisions.close()
  }
  const node = { ground, store, intake, hosts, permissions, url, faults, stop: () => (stopping ??= stop()) }
  onTestFinished(node.stop)
  return node
}

function withCommit(log: Ground['log'], commit: Ground['log']['commit']): Ground['log'] {
  return new Proxy(log, { get: (target, name) => (name === 'commit' ? commit : Reflect.get(target, name)) })
}

/** A node on SQLite in memory with a fake clock, and the host `h1` with the token `token`. */
export async function openNode(options: NodeOptions = {}): Promise<Node & { clock: FakeClock }> {
  const clock = fakeClock()
  const ground = await openGround({ clock })
  onTestFinished(() => ground.close())
  const node = await startNode(ground, options)
  await node.hosts.links.register({ hostId: 'h1', name: 'one', token: 'token' })
  return { ...node, clock }
}

/** Moves time on and lets leases be renewed meanwhile: their statements run in real time. */
export async function passTime(
  { clock, ground }: { clock: FakeClock; ground: Ground },
  ms: number,
): Promise<void> {
  for (let left = ms; left > 0; left -= 1_000) {
    await clock.advance(Math.min(left, 1_000))
    await ground.leases.holder('nobody')
  }
}

/** Stores an active session; default of host `h1`, started. */
export async function addSession(
  { ground, store }: Pick<Node, 'ground' | 'store'>,
  more: Partial<SessionRow> = {},
): Promise<SessionRow> {
  const row: SessionRow = { ...sessionRow(), ...more }
  await ground.log.commit({ ops: [store.sessions.insert(row)], appends: [] })
  return row
}

export function sessionRow(): SessionRow {
  return {
    id: randomUUID(),
    tenant: {},
    owner: { kind: 'user', id: 'u1' },
    agentName: 'Agent',
    spawn: { command: 'agent', args: [] },
    cwd: '/',
    title: null,
    status: 'active',
    runtimeType: 'local',
    instance: 'local',
    runtimeInfo: { hostUrl: '', websocketUrl: '', runtimeName: 'local' },
    hostId: 'h1',
    startedAt: 1_000,
    updatedAt: 1_000,
    processing: false,
    autoApprove: false,
    queue: null,
    commands: [],
    callbackHash: '',
    callsBack: false,
    end: null,
  }
}

/** Everything in a session's stream. */
export async function eventsOf({ ground }: Pick<Node, 'ground'>, sessionId: string): Promise<WireEvent[]> {
  const all: StoredEvent[] = []
  for (;;) {
    const { events } = await ground.log.read(streamOf(sessionId), { after: all.length, limit: 10_000 })
    if (events.length === 0) return all.map(({ body }) => JSON.parse(body))
    all.push(...events)
  }
}

export const chunk = (text: string | number) => ({
  type: 'rpc',
  data: {
    method: 'session/update',
    direction: 'agent_to_client',
    phase: 'notification',
    payload: {
      update: { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text: String(text) } },
    },
  },
})

/** The texts of all chunks. */
export const textsOf = (events: readonly WireEvent[]): string[] =>
  // biome-ignore lint/suspicious/noExplicitAny: tests look into payloads as clients do.
  events.map(({ data }) => (data as any).payload?.update?.content?.text).filter((text) => text !== undefined)
