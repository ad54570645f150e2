// The doors of the plane over a service that is made by hand, on a real ground in memory.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Ground, openGround } from '@parley/kernel/ground'
import { toNodeListener } from '@parley/kernel/http'
import { rawJson } from '@parley/kernel/log'
import { isVisible, type Principal, systemPrincipal, tenantKey, toIdentity } from '@parley/kernel/principal'
import { type FakeClock, fakeClock, fakeIds } from '@parley/testkit'
import { expect, onTestFinished } from 'vitest'
import { namedSessionNotFound, sessionsErrors } from './errors.js'
import { createSessionsApp } from './http/index.js'
import type { HostRequest, HostResponse, TerminalSignal } from './protocol/index.js'
import { fileRequests, gitRequests, queueRequests } from './service/asking/index.js'
import type { SessionsDeps } from './service/deps.js'
import type { SessionsOptions } from './service/options.js'
import type { SessionsService, SessionView } from './service/port.js'
import { createSocketHub } from './socket/index.js'
import type { SessionRow } from './store/port.js'

/** One call of the service: its name and what it was given after the principal. */
export type Called = [name: string, ...args: unknown[]]

export type Doors = {
  ground: Ground
  clock: FakeClock
  /** What was reported as a fault. A test that expects some empties it; any other fails. */
  faults: unknown[]
  calls: Called[]
  /** What hosts answer, by `METHOD /path`. */
  host: Map<string, HostResponse | ((request: HostRequest) => HostResponse | Promise<HostResponse>)>
  /** Replaces members of the service. */
  service: SessionsService
  terminals: { kept: TerminalSignal[]; truncated: boolean; listeners: Set<(signal: TerminalSignal) => void> }
  /** Credentials that are refused from now on. */
  revoked: Set<string>
  links: string[]
  /** Open sockets. */
  sockets(): number
  fetch(path: string, init?: RequestInit & { token?: string; host?: string }): Promise<Response>
  /** Adds a session; answers its id. */
  session(id: string, more?: Partial<SessionRow>): Promise<string>
  announce(id: string): void
  /** Appends an event; answers its text. */
  append(id: string, type: string, data?: Record<string, unknown>): Promise<string>
  appendMany(id: string, count: number, size?: number): Promise<void>
  stop(): Promise<void>
  /** Serves on a port; answers `127.0.0.1:4711`. */
  listen(): Promise<string>
}

const people: Record<string, Principal> = {
  alice: { kind: 'user', id: 'alice', tenant: { org: 'acme' }, scopes: ['sessions:*'] },
  bob: { kind: 'user', id: 'bob', tenant: { org: 'other' }, scopes: ['sessions:*'] },
}

type DoorOptions = Partial<SessionsOptions> & { clock?: FakeClock }

export async function openDoors({ clock = fakeClock(), ...options }: DoorOptions = {}): Promise<Doors> {
  const ground = options.ground ?? (await openGround({ clock, ids: fakeIds() }))
  const faults: unknown[] = []
  const revoked = new Set<string>()
  const rows = new Map<string, SessionRow>()
  const calls: Called[] = []
  const host: Doors['host'] = new Map()
  const links: string[] = []
  const terminals: Doors['terminals'] = { kept: [], truncated: false, listeners: new Set() }
  const service = fakeService({ ground, rows, calls, host, terminals })
  const deps: Pick<SessionsDeps, 'ground' | 'options' | 'runtimes' | 'onFault'> = {
    ground,
    options: {
      prefix: '/api',
      authenticate: (request) => {
        const token = /^Bearer (.+)$/.exec(request.headers.get('authorization') ?? '')?.[1] ?? ''
        return revoked.has(token) ? null : (people[token] ?? null)
      },
      ...options,
      limits: { bodyBytes: 1024 * 1024, sessions: 256, subscriptions: 100, sockets: 100, ...options.limits },
    },
    // The cast: the doors only look at the names.
    runtimes: { local: {}, staging: {} } as unknown as SessionsDeps['runtimes'],
    onFault: (error) => faults.push(error),
  }
  const stopping = new AbortController()
  const app = createSessionsApp({ service, deps, stopping: stopping.signal })
  const hub = createSocketHub({
    deps,
    service,
    acceptLink: (request, socket) => {
      links.push(String(request.headers.authorization))
      socket.destroy()
    },
  })
  const stop = async () => {
    stopping.abort()
    await hub.stop()
  }
  onTestFinished(async () => {
    await stop()
    if (!options.ground) await ground.close()
    expect(faults, 'faults').toEqual([])
  })

  const append: Doors['append'] = async (id, type, data = {}) => {
    const body = JSON.stringify({ type, data, timestamp: new Date(clock.now()).toISOString() })
    const draft = { type, actor: toIdentity(systemPrincipal), body: rawJson(body) }
    await ground.log.commit({ ops: [], appends: [{ stream: `session:${id}`, drafts: [draft] }] })
    if (type === 'session.terminated') rows.get(id)!.status = 'killed'
    return body
  }
  return {
    ground,
    clock,
    faults,
    calls,
    host,
    service,
    terminals,
    revoked,
    links,
    sockets: () => hub.count(),
    append,
    appendMany: async (id, count, size = 0) => {
      const padding = 'x'.repeat(size)
      for (let from = 0; from < count; from += 500) {
        const drafts = Array.from({ length: Math.min(500, count - from) }, (_, index) => ({
          type: 'rpc',
          actor: toIdentity(systemPrincipal),
          body: rawJson(`{"type":"rpc","data":{"n":${from + index},"p":"${padding}"},"timestamp":"t"}`),
        }))
        await ground.log.commit({ ops: [], appends: [{ stream: `session:${id}`, drafts }] })
      }
    },
    session: async (id, more = {}) => {
      rows.set(id, { ...aRow(id), ...more })
      return id
    },
    announce: (id) => {
      const tenant = tenantKey(rows.get(id)!.tenant)
      const payload = { lifecycle: 'session.created', sessionId: id, tenantKey: tenant }
      ground.log.signal(`session:${id}`, JSON.stringify({ lifecycle: 'session.created' }))
      ground.log.signal('sessions:lifecycle', JSON.stringify(payload))
    },
    fetch: async (path, { token = 'alice', host: name = 'localhost:3001', ...init } = {}) => {
      const headers = new Headers(init.headers)
      if (token !== '') headers.set('authorization', `Bearer ${token}`)
      const request = new Request(`http://${name}${path}`, { ...init, headers })
      return app.fetch(request, { remoteAddress: '192.0.2.1', requestId: 'req_1' })
    },
    stop,
    listen: async () => {
      const node = toNodeListener((request, info) => app.fetch(request, info), { ids: ground.ids })
      const server = createServer((request, response) => void node(request, response))
      server.on('upgrade', hub.upgrade)
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      onTestFinished(() => {
        server.close()
        server.closeAllConnections()
      })
      // The cast: a server that listens on TCP has an AddressInfo.
      return `127.0.0.1:${(server.address() as AddressInfo).port}`
    },
  }
}

function aRow(id: string): SessionRow {
  return {
    id,
    tenant: { org: 'acme' },
    owner: { kind: 'user', id: 'alice' },
    agentName: 'Demo',
    spawn: { command: 'demo', args: [] },
    cwd: '/srv',
    title: null,
    status: 'active',
    runtimeType: 'local',
    instance: 'local',
    runtimeInfo: null,
    hostId: 'h1',
    startedAt: 0,
    updatedAt: 0,
    processing: false,
    autoApprove: false,
    queue: null,
    commands: [],
    callbackHash: '',
    callsBack: false,
    end: null,
  }
}

function toView(row: SessionRow): SessionView {
  const { id, agentName, spawn, status, instance } = row
  return {
    id,
    agentName,
    spawn,
    status,
    startedAt: '2026-01-01T00:00:00.000Z',
    lastUpdatedAt: '2026-01-01T00:00:00.000Z',
    logs: [],
    pendingPermission: null,
    fileSystem: null,
    promptQueue: null,
    runtime: instance,
  }
}

type FakeParts = Pick<Doors, 'ground' | 'calls' | 'host' | 'terminals'> & { rows: Map<string, SessionRow> }

function fakeService({ ground, rows, calls, host, terminals }: FakeParts): SessionsService {
  const seen = (by: Principal, id: string) => {
    const row = rows.get(id)
    return row && isVisible(row.tenant, by.tenant) ? row : undefined
  }
  const live = (by: Principal, id: string) => {
    const row = seen(by, id)
    if (row?.status !== 'active') throw sessionsErrors.sessionNotFound()
    return row
  }
  const read = (by: Principal, id: string) => {
    const row = seen(by, id)
    if (!row) throw sessionsErrors.agentNotFound()
    return row
  }
  const ask = async (request: HostRequest): Promise<HostResponse> => {
    const answer = host.get(`${request.method} ${request.path}`)
    if (answer === undefined) return { status: 404, body: { error: `no answer for ${request.path}` } }
    return typeof answer === 'function' ? answer(request) : answer
  }
  const note = (...called: Called) => void calls.push(called)
  // No route uses these: they are for applications.
  const ways = { fetchSession: notAsked, fetchInstance: notAsked }
  return {
    runtimes: () => ['local', 'staging'],
    recovered: async () => [],
    files: fileRequests(ways),
    git: gitRequests(ways),
    queue: queueRequests(ways),
    health: async () => ({ sessions: rows.size }),
    settings: async () => ({ autoApprovePermissions: false }),
    updateSettings: async (_, patch) => ({ autoApprovePermissions: false, ...patch }),
    listAgentTemplates: async () => [],
    registerAgentTemplate: async (_, body) => {
      note('registerAgentTemplate', body)
      return { id: 't1', name: body.name, spawn: body.spawn, runtime: { provider: 'local', ...body.runtime } }
    },
    updateAgentTemplate: async (_, id, patch) => {
      note('updateAgentTemplate', id, patch)
      return { id, name: 'T', spawn: { command: 'c', args: [] }, runtime: { provider: 'local' } }
    },
    deleteAgentTemplate: async (_, id) => note('deleteAgentTemplate', id),
    listRuntimes: async () => [
      {
        typeName: 'local',
        onlyOne: true,
        instances: [{ name: 'local', typeName: 'local', status: 'running', websocketUrl: 'ws://inside:1' }],
      },
      {
        typeName: 'staging',
        onlyOne: false,
        instances: [
          { name: 'box', typeName: 'staging', status: 'running' },
          { name: 'old', typeName: 'staging', status: 'stopped', websocketUrl: 'ws://inside:2' },
        ],
      },
    ],
    startRuntime: async (_, typeName, instanceName) => {
      note('startRuntime', typeName, instanceName)
      return { name: instanceName ?? typeName, typeName, status: 'running' }
    },
    stopRuntime: async (_, name) => note('stopRuntime', name),
    pauseRuntime: async (_, name) => note('pauseRuntime', name),
    deleteRuntime: async (_, name) => note('deleteRuntime', name),
    fetchInstance: async (_, instance, request) => {
      note('fetchInstance', instance, request)
      return ask(request)
    },
    createSession: async (_, body, options) => {
      note('createSession', body, options)
      const row = { ...aRow(body.sessionId ?? 'new'), instance: body.runtimeInstance ?? 'local' }
      rows.set(row.id, row)
      return toView(row)
    },
    listSessions: async (by) => [...rows.values()].filter(({ id }) => seen(by, id)).map(toView),
    getSession: async (by, id, options) => {
      note('getSession', id, options)
      return toView(read(by, id))
    },
    getSessionStatus: async (by, id) => {
      const { processing } = read(by, id)
      return { processing, pendingPermission: false }
    },
    sessionCommands: async (by, id) => [...read(by, id).commands],
    terminateSession: async (by, id) => {
      note('terminateSession', id)
      const row = seen(by, id)
      if (!row) throw namedSessionNotFound(id)
      if (row.status === 'killed') throw sessionsErrors.alreadyKilled()
    },
    sessionSettings: async (by, id) => ({ autoApprovePermissions: read(by, id).autoApprove }),
    updateSessionSettings: async (by, id, patch) => {
      note('updateSessionSettings', id, patch)
      return { autoApprovePermissions: patch.autoApprovePermissions ?? read(by, id).autoApprove }
    },
    promptSession: async (by, id, text) => {
      live(by, id)
      note('prompt', id, text)
      return { stopReason: 'end_turn' }
    },
    sendPrompt: async (by, id, text) => {
      live(by, id)
      note('sendPrompt', id, text)
      return text === 'later' ? { queued: true, queueId: 'q1', position: 0 } : { accepted: true }
    },
    cancelTurn: async (by, id) => {
      live(by, id)
      note('cancelTurn', id)
    },
    resolvePermission: async (by, id, requestId, body, via) => {
      live(by, id)
      note('resolvePermission', id, requestId, body, via)
      if (requestId === 'unknown') throw sessionsErrors.permissionNotFound()
    },
    listPermissions: async (by, id) => {
      read(by, id)
      return []
    },
    fetchSession: async (by, id, request) => {
      live(by, id)
      note('fetchSession', id, request)
      return ask(request)
    },
    find: async (by, id) => seen(by, id),
    follow: async (by, id, options) => {
      read(by, id)
      return ground.log.follow(`session:${id}`, options)
    },
    history: async (by, id, { after = 0, limit = 500 } = {}) => {
      read(by, id)
      return (await ground.log.read(`session:${id}`, { after, limit })).events
    },
    messages: {
      list: async () => [],
      enqueue: async (by, body) => {
        note('enqueue', body)
        return {
          id: 1,
          sessionId: body.sessionId ?? null,
          text: body.text,
          runtime: 'local',
          agent: by.id,
          agentTemplateId: null,
          directory: null,
          status: 'pending',
          createdAt: '2026-01-01T00:00:00.000Z',
          sentAt: null,
        }
      },
      send: async (_, id) => {
        note('send', id)
        if (id === 9) throw sessionsErrors.messageNotFound()
        return { stopReason: 'end_turn' }
      },
      remove: async (_, id) => note('remove', id),
      clear: async () => note('clear'),
    },
    handleCallback: async (id, secret, event) => {
      note('handleCallback', id, secret, event)
      if (secret !== 'right') throw sessionsErrors.agentNotFound()
      return { ok: true }
    },
    webhooks: {
      deliveries: async (_, id, query) => {
        note('deliveries', id, query)
        return []
      },
      retry: async (_, id, deliveryId) => note('retry', id, deliveryId),
    },
    terminals: {
      kept: async (_, instance, since) => {
        note('kept', instance, since)
        return { events: terminals.kept.filter(({ seq }) => seq > since), truncated: terminals.truncated }
      },
      tap: async (_, __, listener) => {
        terminals.listeners.add(listener)
        return () => terminals.listeners.delete(listener)
      },
    },
  }
}

async function notAsked(): Promise<never> {
  throw new Error('no route asks this')
}
