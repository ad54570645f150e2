import { createDecisions } from '@parley/kernel/decisions'
import { type Ground, openGround } from '@parley/kernel/ground'
import type { Principal } from '@parley/kernel/principal'
import { type FakeClock, fakeClock } from '@parley/testkit'
import { onTestFinished } from 'vitest'
import type { HostRequest, Runtime } from '../protocol/index.js'
import { runtimeHeaders } from '../runtimes/port.js'
import { sessionsMigrations, sqlSessionsStore } from '../store/index.js'
import type { SessionsStore } from '../store/port.js'
import type { Probe, SettingsHooks } from './core.js'
import { createIntake, type SessionsIntake } from './intake/intake.js'
import { createMirror, type Mirror, noMirror } from './mirror.js'
import type { SessionsOptions } from './options.js'
import type { SessionsService } from './port.js'
import { createRouter } from './runtimes/router.js'
import { createSessionsService, noRooms, type ServiceDeps } from './service.js'
import { createLive, type Live } from './sessions/live.js'

export const person = (id: string, over: Partial<Principal> = {}): Principal => ({
  kind: 'user',
  id,
  name: id,
  tenant: { org: 'A' },
  scopes: ['*'],
  ...over,
})

/** Sees and uses everything of org A. */
export const ann = person('ann')
/** May use sessions of org A, and not the machine. */
export const bob = person('bob', { scopes: ['sessions:use'] })
/** Another tenant. */
export const eve = person('eve', { tenant: { org: 'B' } })

/** A request as a runtime got it. */
export type Asked = HostRequest & { sessionId?: string; instance?: string; cwd?: string }

/** What a scripted runtime answers; undefined: its own answer, as a plain host's. */
export type Script = (asked: Asked) => Response | undefined | Promise<Response | undefined>

/** A runtime in memory that remembers what it was asked; every call goes to the script first. */
export function scriptedRuntime(script: Script = () => undefined, over: Partial<Runtime> = {}) {
  const asked: Asked[] = []
  const running = new Set<string>()
  const runtime: Runtime = {
    onlyOne: true,
    getDefaultCwd: () => '/default',
    fetchSession: async (sessionId, request) => {
      const one = { ...(await toAsked(request)), sessionId }
      asked.push(one)
      return (await script(one)) ?? ownAnswer(running, sessionId, one.path)
    },
    fetchInstance: async (instance, request) => {
      const one = { ...(await toAsked(request)), instance }
      asked.push(one)
      return (await script(one)) ?? Response.json({ path: one.path })
    },
    ...over,
  }
  return { runtime, asked, running, of: (path: string) => asked.filter((one) => one.path === path) }
}

function ownAnswer(running: Set<string>, sessionId: string, path: string): Response {
  if (path === '/start') running.add(sessionId)
  if (path === '/terminate') running.delete(sessionId)
  if (path === '/start')
    return Response.json({
      acpSessionId: 'acp-1',
      sessionId,
      hostUrl: 'http://host',
      websocketUrl: 'ws://host',
    })
  if (path === '/terminate') return Response.json({ ok: true })
  return running.has(sessionId)
    ? Response.json({ status: 'idle', sessionId })
    : Response.json({ error: 'Session not found' }, { status: 404 })
}

async function toAsked(request: Request): Promise<Asked> {
  const { pathname: path, searchParams } = new URL(request.url)
  const text = await request.text()
  const cwd = request.headers.get(runtimeHeaders.cwd)
  const key = request.headers.get(runtimeHeaders.key)
  return {
    method: request.method,
    path,
    query: Object.fromEntries(searchParams),
    ...(text !== '' && { body: JSON.parse(text) }),
    ...(cwd !== null && { cwd: Buffer.from(cwd, 'latin1').toString('utf8') }),
    ...(key !== null && { key }),
  }
}

export type Core = {
  service: SessionsService
  ground: Ground
  clock: FakeClock
  store: SessionsStore
  intake: SessionsIntake
  live: Live
  mirror: Mirror
  faults: unknown[]
  told: Parameters<SettingsHooks['autoApproveChanged']>[0][]
}

export type CoreOptions = {
  runtimes: Record<string, Runtime>
  options?: Partial<SessionsOptions> & { maxSessions?: number }
  ground?: Ground
  hostOf?: ServiceDeps['hostOf']
  probe?: Probe
  /** Wraps the log, to make commits fail. */
  log?(log: Ground['log']): Ground['log']
}

/** The core of the service on SQLite in memory with a fake clock, or on a given ground; closed when the test is over. */
export async function openCore({
  runtimes,
  options = {},
  hostOf,
  probe,
  ...given
}: CoreOptions): Promise<Core> {
  const clock = fakeClock()
  const opened = given.ground ?? (await openGround({ clock }))
  const ground = given.log ? { ...opened, log: given.log(opened.log) } : opened
  await ground.db.migrate([sessionsMigrations])
  const store = sqlSessionsStore(ground.db)
  const faults: unknown[] = []
  const onFault = (error: unknown) => void faults.push(error)
  const decisions = createDecisions({ ground, onFault })
  const intake = createIntake({ ground, store, decisions, hasPermissionHandler: false, onFault })
  const live = createLive({ ground, store, intake, runtimes, probe: probe ?? (async () => false), onFault })
  const router = createRouter({ runtimes, clock: ground.clock, ensure: (row) => live.ensure(row) })
  const mirror = options.storage ? createMirror({ storage: options.storage, store, onFault }) : noMirror
  intake.observe(live.observer)
  intake.observe(mirror.observer)
  const told: Core['told'] = []
  const limits = { bodyBytes: 1024, sessions: options.maxSessions ?? 256, subscriptions: 10, sockets: 10 }
  const deps: ServiceDeps = {
    ground,
    store,
    decisions,
    runtimes,
    router,
    intake,
    live,
    mirror,
    onFault,
    options: { authenticate: () => null, ...options, prefix: '/api', limits },
    hostOf: hostOf ?? (async () => undefined),
    probe: probe ?? (async () => false),
    autoApproveChanged: async (sessions) => void told.push(sessions),
  }
  const service = createSessionsService(deps, noRooms)
  onTestFinished(async () => {
    await mirror.idle()
    await decisions.close()
    if (!given.ground) await ground.close()
  })
  return { service, ground, clock, store, intake, live, mirror, faults, told }
}

export const adHoc = { spawn: { command: 'node', args: ['agent.js'] } }

/** A session's event, stored as one that its host told. */
export async function tell(
  { intake, ground }: Core,
  sessionId: string,
  type: string,
  data = {},
): Promise<void> {
  const timestamp = new Date(ground.clock.now()).toISOString()
  await intake.take([{ sessionId, event: { type, data, timestamp } }])
}
