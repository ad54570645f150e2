import { expect, it } from 'vitest'
import { adHoc, ann, bob, eve, openCore, scriptedRuntime, tell } from '../core.test.support.js'
import { isUuid } from '../uuid.js'

const id = '6f1f3d0e-3f77-4b6a-9d59-0d8b1f6f1f11'

it('starts what was asked for and answers the session', async () => {
  const local = scriptedRuntime()
  const { service, store } = await openCore({ runtimes: { local: local.runtime } })

  const session = await service.createSession(ann, { ...adHoc, name: ' Scratch ', cwd: '/srv/Ñ' }, {})

  expect(session).toEqual({
    id: session.id,
    agentName: 'Scratch',
    spawn: adHoc.spawn,
    startedAt: '2026-01-01T00:00:00.000Z',
    lastUpdatedAt: '2026-01-01T00:00:00.000Z',
    status: 'active',
    logs: [],
    pendingPermission: null,
    fileSystem: null,
    promptQueue: null,
    runtime: 'local',
    cwd: '/srv/Ñ',
  })
  expect(isUuid(session.id)).toBe(true)
  expect(local.asked).toMatchObject([
    {
      method: 'POST',
      path: '/start',
      cwd: '/srv/Ñ',
      body: {
        sessionId: session.id,
        command: 'node',
        args: ['agent.js'],
        workspace: '/srv/Ñ',
        instanceName: 'local',
      },
    },
  ])
  expect(await store.sessions.find(session.id)).toMatchObject({
    runtimeInfo: {
      hostUrl: 'http://host',
      websocketUrl: 'ws://host',
      runtimeName: 'local',
      runtimeMeta: null,
    },
    tenant: { org: 'A' },
    owner: { kind: 'user', id: 'ann' },
  })
})

it('takes name, runtime and environment from a template, the runtime and its own default directory', async () => {
  const [local, docker] = [scriptedRuntime(), scriptedRuntime(undefined, { onlyOne: false })]
  const { service } = await openCore({ runtimes: { local: local.runtime, docker: docker.runtime } })
  const template = await service.registerAgentTemplate(ann, {
    name: 'Reviewer',
    spawn: { command: 'node', args: ['r.js'] },
    runtime: { provider: 'docker', setup: 'npm ci', env: { A: 'runtime', B: 'runtime' } },
    env: { B: 'template', C: 'template' },
  })

  const body = { agentTemplateId: template.id, runtimeInstance: 'staging', sessionId: id }
  const session = await service.createSession(bob, body, {})

  expect(session).toMatchObject({ id, agentName: 'Reviewer', runtime: 'staging', cwd: '/default' })
  expect(docker.asked[0]!.body).toMatchObject({
    setup: 'npm ci',
    env: { A: 'runtime', B: 'template', C: 'template' },
    workspace: '/default',
    instanceName: 'staging',
  })
})

it('lets who may not use the machine choose only a directory that the instance shows', async () => {
  const local = scriptedRuntime(({ path, query }) =>
    path === '/fs/snapshot' && query?.path !== '/srv/shop'
      ? Response.json({ error: 'Path outside workspace' }, { status: 403 })
      : undefined,
  )
  const { service } = await openCore({ runtimes: { local: local.runtime } })
  const { id: agentTemplateId } = await service.registerAgentTemplate(ann, { name: 'A', ...adHoc })

  await expect(service.createSession(bob, { agentTemplateId, cwd: '/etc' }, {})).rejects.toMatchObject({
    code: 'sessions.forbidden',
    message: 'Path outside workspace',
  })
  expect(local.of('/start')).toEqual([])
  expect(await service.createSession(bob, { agentTemplateId, cwd: '/srv/shop' }, {})).toMatchObject({
    cwd: '/srv/shop',
  })
  expect(await service.createSession(ann, { agentTemplateId, cwd: '/etc' }, {})).toMatchObject({
    cwd: '/etc',
  })
})

it('names an ad-hoc session after its command line, and falls back to the first runtime type', async () => {
  const only = scriptedRuntime(undefined, { onlyOne: false })
  const { service } = await openCore({ runtimes: { docker: only.runtime } })

  expect(await service.createSession(ann, adHoc, {})).toMatchObject({
    agentName: 'node agent.js',
    runtime: 'docker',
  })
})

it('gives webhooks ids, those of the server first', async () => {
  const webhooks = [{ url: 'https://a', secret: '1' }]
  const { service, store } = await openCore({
    runtimes: { local: scriptedRuntime().runtime },
    options: { webhooks },
  })
  const own = { url: 'https://b', secret: '2', events: ['end_turn' as const] }

  const session = await service.createSession(ann, { ...adHoc, webhooks: [own] }, {})

  const kept = await store.sessions.listWebhooks(session.id)
  expect(kept.map(({ id: _id, ...rest }) => rest)).toEqual([...webhooks, own])
  expect(kept.every((one) => isUuid(one.id))).toBe(true)
  expect(kept[0]!.id).not.toBe(kept[1]!.id)
})

it('hands out an address for callbacks with a secret that only its hash is kept of', async () => {
  const local = scriptedRuntime()
  const { service, store } = await openCore({ runtimes: { local: local.runtime } })

  const { id } = await service.createSession(ann, adHoc, { callbackOrigin: 'http://me:1' })

  const { callbackUrl } = local.asked[0]!.body as { callbackUrl: string }
  const secret = /^http:\/\/me:1\/api\/callbacks\/([\w-]{32})$/.exec(callbackUrl)![1]!
  expect(JSON.stringify(await store.sessions.find(id))).not.toContain(secret)
})

it('prefers the configured address for callbacks, and gives linked hosts none', async () => {
  const local = scriptedRuntime()
  const options = { callbackUrl: 'https://public/api' }
  const unlinked = await openCore({ runtimes: { local: local.runtime }, options })
  await unlinked.service.createSession(ann, adHoc, { callbackOrigin: 'http://me' })
  const linked = await openCore({ runtimes: { local: local.runtime }, options, hostOf: async () => 'h1' })
  const { id } = await linked.service.createSession(ann, adHoc, { callbackOrigin: 'http://me' })

  expect(local.asked[0]!.body).toMatchObject({
    callbackUrl: expect.stringMatching(/^https:\/\/public\/api\/callbacks\//),
  })
  expect(local.asked[1]!.body).not.toHaveProperty('callbackUrl')
  expect(await linked.store.sessions.find(id)).toMatchObject({ hostId: 'h1' })
})

it.each([
  ['neither template nor spawn', {}, 'Exactly one'],
  ['both', { ...adHoc, agentTemplateId: 't' }, 'Exactly one'],
  ['an unknown template', { agentTemplateId: 'nope' }, 'Unknown agent template "nope"'],
  ['an id that is no UUID', { ...adHoc, sessionId: '../x' }, 'sessionId must be a UUID'],
  ['an empty command', { spawn: { command: '', args: [] } }, 'must not be empty'],
])('refuses %s', async (_what, body, message) => {
  const local = scriptedRuntime()
  const { service } = await openCore({ runtimes: { local: local.runtime } })

  await expect(service.createSession(ann, body, {})).rejects.toMatchObject({
    status: 400,
    message: expect.stringContaining(message),
  })
  expect(local.asked).toEqual([])
})

it('needs the scope of the machine for an ad-hoc command', async () => {
  const { service } = await openCore({ runtimes: { local: scriptedRuntime().runtime } })

  await expect(service.createSession(bob, adHoc, {})).rejects.toMatchObject({ code: 'sessions.forbidden' })
})

it('refuses a second session of an id, and leaves the first alone', async () => {
  const local = scriptedRuntime()
  const { service } = await openCore({ runtimes: { local: local.runtime } })
  await service.createSession(ann, { ...adHoc, sessionId: id }, {})

  for (const who of [ann, eve])
    await expect(service.createSession(who, { ...adHoc, sessionId: id }, {})).rejects.toMatchObject({
      status: 409,
      message: expect.stringContaining('already running'),
    })

  expect(local.asked.map(({ path }) => path)).toEqual(['/start'])
  expect(await service.getSession(ann, id)).toMatchObject({ status: 'active' })
})

it.each([
  [400, 'spawn nope ENOENT', 400, 'sessions.invalid_request'],
  [500, 'spawn nope ENOENT\nStartup output: boom', 400, 'sessions.invalid_request'],
  [500, 'agent exited with 7\nStartup output: boom', 500, 'sessions.start_failed'],
  [404, 'Runtime instance "x" not found', 400, 'sessions.invalid_request'],
  [403, 'command not allowed', 403, 'sessions.forbidden'],
  [409, 'exists', 409, 'sessions.duplicate_session'],
  [500, 'session is already running', 409, 'sessions.duplicate_session'],
  [503, 'host not connected', 503, 'sessions.host_not_connected'],
])('a host that answers a start with %i %s', async (status, error, expected, code) => {
  const local = scriptedRuntime(({ path }) =>
    path === '/start' ? Response.json({ error }, { status }) : undefined,
  )
  const { service, store } = await openCore({ runtimes: { local: local.runtime } })

  const refused = service.createSession(ann, { ...adHoc, sessionId: id }, {})

  await expect(refused).rejects.toMatchObject({
    status: expected,
    code,
    message: expect.stringContaining(error),
  })
  expect(await store.sessions.count()).toBe(0)
  // What was there before is not ended by somebody who wanted its id.
  expect(local.of('/terminate').length).toBe(status >= 500 && expected !== 409 ? 1 : 0)
})

it('leaves nothing of a session that did not start, so that its id is free again', async () => {
  const core = await openCore({
    runtimes: {
      local: scriptedRuntime(async ({ path }) => {
        if (path !== '/start') return Response.json({ ok: true })
        // The host tells of it while it starts.
        await tell(core, id, 'rpc', { method: 'initialize', direction: 'client_to_agent', phase: 'request' })
        if (!isFirst) return Response.json({ acpSessionId: 'a' })
        isFirst = false
        return Response.json({ error: 'no' }, { status: 500 })
      }).runtime,
    },
  })
  let isFirst = true
  const body = { ...adHoc, sessionId: id, webhooks: [{ url: 'https://a', secret: 's' }] }
  await expect(core.service.createSession(ann, body, {})).rejects.toMatchObject({ status: 500 })
  expect(await core.service.listSessions(ann)).toEqual([])

  await core.service.createSession(ann, body, {})

  expect((await core.service.getSession(ann, id)).logs.map(({ type }) => type)).toEqual(['rpc'])
  expect(await core.store.sessions.listWebhooks(id)).toHaveLength(1)
})

it('an answer that is no JSON is a failed start, and what may run is ended', async () => {
  const local = scriptedRuntime(({ path }) => (path === '/start' ? new Response('fine!') : undefined))
  const { service, store } = await openCore({ runtimes: { local: local.runtime } })

  await expect(service.createSession(ann, adHoc, {})).rejects.toMatchObject({
    code: 'sessions.start_failed',
  })
  expect(local.of('/terminate')).toHaveLength(1)
  expect(await store.sessions.count()).toBe(0)
})

it('a runtime that throws is a failed start', async () => {
  const fetchSession = () => Promise.reject(new Error('docker is down'))
  const { service } = await openCore({ runtimes: { local: { fetchSession } } })

  await expect(service.createSession(ann, adHoc, {})).rejects.toMatchObject({
    status: 500,
    message: expect.stringContaining('docker is down'),
  })
})

it('a host that can not be found is a failed start with nothing on record', async () => {
  const { service, store } = await openCore({
    runtimes: { local: scriptedRuntime().runtime },
    hostOf: () => Promise.reject(new Error('no host')),
  })

  await expect(service.createSession(ann, adHoc, {})).rejects.toMatchObject({
    status: 500,
    message: 'SessionHost failed to start: no host',
  })
  expect(await store.sessions.count()).toBe(0)
})

it('a start that is not answered in time is given up and cleared away', async () => {
  const local = scriptedRuntime(({ path }) => (path === '/start' ? new Promise(() => {}) : undefined))
  const { service, clock, store } = await openCore({ runtimes: { local: local.runtime } })

  const refused = expect(service.createSession(ann, adHoc, {})).rejects.toMatchObject({ status: 500 })
  while (local.asked.length === 0) await clock.advance(0)
  await clock.advance(120_000)

  await refused
  expect(local.of('/terminate')).toHaveLength(1)
  expect(await store.sessions.count()).toBe(0)
})

it('ends the agent again when the session can not be stored', async () => {
  const local = scriptedRuntime()
  let commits = 0
  const { service, store } = await openCore({
    runtimes: { local: local.runtime },
    log: (log) => ({
      // The class's methods stand on its private state.
      ...bound(log),
      commit: (unit) => {
        commits += 1
        return commits === 2 ? Promise.reject(new Error('disk full')) : log.commit(unit)
      },
    }),
  })

  await expect(service.createSession(ann, adHoc, {})).rejects.toMatchObject({
    status: 500,
    message: 'Failed to persist session: disk full',
  })
  expect(local.asked.map(({ path }) => path)).toEqual(['/start', '/terminate'])
  expect(await store.sessions.count()).toBe(0)
})

it('says so when the session was ended while it started, and ends its agent', async () => {
  const local = scriptedRuntime(async ({ path }) => {
    if (path === '/start') await core.service.terminateSession(ann, id)
    return undefined
  })
  const core = await openCore({ runtimes: { local: local.runtime } })

  expect(await core.service.createSession(ann, { ...adHoc, sessionId: id }, {})).toMatchObject({
    status: 'killed',
  })
  expect(local.running.size).toBe(0)
})

it('limits the active sessions of each tenant', async () => {
  const { service } = await openCore({
    runtimes: { local: scriptedRuntime().runtime },
    options: { maxSessions: 1 },
  })
  const { id } = await service.createSession(ann, adHoc, {})

  await expect(service.createSession(ann, adHoc, {})).rejects.toMatchObject({ status: 429 })
  await service.createSession(eve, adHoc, {})
  await service.terminateSession(ann, id)
  await service.createSession(ann, adHoc, {})
})

it('tells sockets that a session began, once it has', async () => {
  const { service, ground } = await openCore({ runtimes: { local: scriptedRuntime().runtime } })
  const signals: unknown[] = []
  ground.log.tap('sessions:lifecycle', { signal: (payload) => signals.push(JSON.parse(payload)) })

  await service.createSession(ann, { ...adHoc, sessionId: id }, {})

  expect(signals).toEqual([{ lifecycle: 'session.created', sessionId: id, tenantKey: '[["org","A"]]' }])
})

function bound<T extends object>(target: T): T {
  return new Proxy(target, {
    get: (from, name) => {
      const value = Reflect.get(from, name, from)
      return typeof value === 'function' ? value.bind(from) : value
    },
    ownKeys: (from) => [...Reflect.ownKeys(Object.getPrototypeOf(from)), ...Reflect.ownKeys(from)],
    getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
  })
}
