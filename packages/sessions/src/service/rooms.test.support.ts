import { randomUUID } from 'node:crypto'
import { createDecisions } from '@parley/kernel/decisions'
import { type Ground, openGround } from '@parley/kernel/ground'
import type { Principal } from '@parley/kernel/principal'
import { type FakeClock, fakeClock } from '@parley/testkit'
import { onTestFinished } from 'vitest'
import type { WebhookConfig, WireEvent } from '../protocol/index.js'
import { sessionsMigrations, sqlSessionsStore } from '../store/index.js'
import type { SessionRow, SessionsStore } from '../store/port.js'
import { createIntake, type SessionsIntake } from './intake/intake.js'
import { streamOf } from './intake/streams.js'
import type { Incoming } from './port.js'
import { hashSecret } from './secrets.js'

export const alice: Principal = {
  kind: 'user',
  id: 'u_alice',
  tenant: { org: 'a' },
  scopes: ['sessions:use'],
}
export const mallory: Principal = {
  kind: 'user',
  id: 'u_mallory',
  tenant: { org: 'b' },
  scopes: ['sessions:use'],
}

/** What rooms of the service stand on, without hosts. */
export type TestRooms = {
  ground: Ground
  clock: FakeClock
  store: SessionsStore
  intake: SessionsIntake
  faults: unknown[]
  onFault(error: unknown): void
  /** A live session; its callback secret is `secret`. */
  session(more?: Partial<SessionRow>, webhooks?: readonly Omit<WebhookConfig, 'id'>[]): Promise<SessionRow>
  row(id: string): Promise<SessionRow>
  /** Takes events of a session in. */
  happen(
    sessionId: string,
    ...events: (Omit<WireEvent, 'timestamp'> & Pick<Incoming, 'via'>)[]
  ): Promise<void>
  /** `type` of every event that the session's stream holds. */
  types(sessionId: string): Promise<string[]>
}

/** On SQLite in memory with a fake clock; or on a given ground, which stays open. Closed when the test is over. */
export async function openRooms(options: { ground?: Ground; clock?: FakeClock } = {}): Promise<TestRooms> {
  const clock = options.clock ?? fakeClock()
  const ground = options.ground ?? (await openGround({ clock }))
  if (!options.ground) onTestFinished(() => ground.close())
  await ground.db.migrate([sessionsMigrations])
  const faults: unknown[] = []
  const onFault = (error: unknown) => void faults.push(error)
  const store = sqlSessionsStore(ground.db)
  const decisions = createDecisions({ ground, onFault })
  onTestFinished(() => decisions.close())
  const intake = createIntake({ ground, store, decisions, hasPermissionHandler: false, onFault })
  const row = async (id: string) => (await store.sessions.find(id))!

  return {
    ground,
    clock,
    store,
    intake,
    faults,
    onFault,
    row,
    session: async (more = {}, webhooks = []) => {
      const made = toRow(clock, more)
      const configs = webhooks.map((webhook) => ({ ...webhook, id: randomUUID() }))
      const ops = [store.sessions.insert(made), ...store.sessions.insertWebhooks(made.id, configs)]
      await ground.log.commit({ ops, appends: [] })
      return made
    },
    happen: async (sessionId, ...events) => {
      const timestamp = new Date(clock.now()).toISOString()
      await intake.take(
        events.map(({ via, ...event }) => ({
          sessionId,
          event: { ...event, timestamp },
          ...(via && { via }),
        })),
      )
    },
    types: async (sessionId) => {
      const { events } = await ground.log.read(streamOf(sessionId), { after: 0 })
      return events.map(({ type }) => type)
    },
  }
}

function toRow(clock: FakeClock, more: Partial<SessionRow>): SessionRow {
  return {
    id: randomUUID(),
    tenant: alice.tenant,
    owner: { kind: 'user', id: 'u_alice' },
    agentName: 'Scripted',
    spawn: { command: 'scripted', args: [] },
    cwd: '/workspace',
    title: null,
    status: 'active',
    runtimeType: 'local',
    instance: 'local',
    runtimeInfo: null,
    hostId: 'host_1',
    startedAt: clock.micros(),
    updatedAt: clock.micros(),
    processing: false,
    autoApprove: false,
    queue: null,
    commands: [],
    callbackHash: hashSecret('secret'),
    callsBack: false,
    end: null,
    ...more,
  }
}

/** A message between agent and host about a prompt. */
export const promptEvent = (phase: 'request' | 'response', payload: unknown, turnId?: string) => ({
  type: 'rpc',
  data: {
    method: 'session/prompt',
    direction: phase === 'request' ? 'client_to_agent' : 'agent_to_client',
    phase,
    payload,
    ...(turnId !== undefined && { turnId }),
  },
})
