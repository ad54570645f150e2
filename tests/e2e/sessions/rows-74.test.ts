// Runtimes of others (section 14.2): one function is enough, and every other one is used when it is there.
import { openGround } from '@parley/kernel/ground'
import type { Runtime } from '@parley/sessions'
import { eventually } from '@parley/testkit'
import { expect, it, onTestFinished } from 'vitest'
import { caller, openStage, type StageOptions } from './support/stage.js'

type Asked = { sessionId: string; method: string; path: string; body: unknown; cwd: string | null }

/** A host behind one function: turns end at once; `queue` answers what is no JSON. */
function onlyFetchSession() {
  const asked: Asked[] = []
  const runtime: Runtime = {
    fetchSession: async (sessionId, request) => {
      const { pathname: path } = new URL(request.url)
      const text = await request.text()
      const body = text === '' ? undefined : JSON.parse(text)
      asked.push({ sessionId, method: request.method, path, body, cwd: request.headers.get('x-session-cwd') })
      if (path === '/start') return Response.json({ acpSessionId: 'acp-1', sessionId })
      if (path === '/prompt') return Response.json({ stopReason: 'end_turn' })
      if (path === '/queue') return new Response('<html>', { status: 502 })
      if (path === '/health') return Response.json({ status: 'idle', sessionId })
      return Response.json({ ok: true })
    },
  }
  return { runtime, asked }
}

async function open(options: StageOptions) {
  const stage = await openStage(options)
  onTestFinished(() => stage.close())
  return stage
}

const spawn = { command: 'agent', args: ['--fast'] }

// proves: sessions.s74
it('with fetchSession alone sessions are created, prompted and ended', async () => {
  const { runtime, asked } = onlyFetchSession()
  const stage = await open({ runtimes: { box: runtime } })
  expect((await stage.call('GET', '/runtimes')).body).toEqual([
    { typeName: 'box', onlyOne: false, instances: [] },
  ])

  const { status, body } = await stage.call('POST', '/agents', { spawn, cwd: '/work dir/ü', name: 'Boxed' })
  expect(status).toBe(201)
  expect(body).toMatchObject({
    agentName: 'Boxed',
    spawn,
    status: 'active',
    runtime: 'box',
    cwd: '/work dir/ü',
  })
  expect(asked.find(({ path }) => path === '/start')).toMatchObject({
    sessionId: body.id,
    method: 'POST',
    body: {
      sessionId: body.id,
      command: 'agent',
      args: ['--fast'],
      workspace: '/work dir/ü',
      callbackUrl: expect.stringMatching(new RegExp(`^${stage.origin}/api(/|$)`)),
      instanceName: 'box',
    },
  })
  expect((await stage.prompt(body.id, 'Go')).body).toEqual({ stopReason: 'end_turn' })
  expect(asked.find(({ path }) => path === '/prompt')).toMatchObject({ method: 'POST', body: { text: 'Go' } })
  await eventually(async () => (await stage.call('GET', `/agents/${body.id}`)).body.title === 'Go')
  // An instance that only a session names is listed.
  expect((await stage.call('GET', '/runtimes')).body[0].instances).toMatchObject([
    { name: 'box', typeName: 'box', status: 'running', websocketUrl: expect.any(String) },
  ])
  expect(await stage.call('GET', `/agents/${body.id}/queue`)).toMatchObject({
    status: 502,
    body: { error: 'Invalid response from session-host' },
  })
  expect(await stage.call('DELETE', `/agents/${body.id}`)).toMatchObject({ status: 200, body: { ok: true } })
  expect(asked.at(-1)).toMatchObject({ sessionId: body.id, method: 'POST', path: '/terminate' })
  expect((await stage.call('GET', `/agents/${body.id}`)).body.status).toBe('killed')
  expect(stage.faults).toEqual([])
})

// proves: sessions.s74
it('what such a host calls back is stored and decided', async () => {
  const { runtime, asked } = onlyFetchSession()
  const stage = await open({ runtimes: { box: runtime } })
  const { body } = await stage.call('POST', '/agents', { spawn })
  // The cast: what the contract sends.
  const { callbackUrl } = asked.find(({ path }) => path === '/start')!.body as { callbackUrl: string }
  const callBack = async (type: string, data: unknown) => {
    const at = `${callbackUrl}/agents/${body.id}/events`
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(at, { method: 'POST', headers, body: JSON.stringify({ type, data }) })
    return response.json()
  }
  const request = {
    requestId: 'r1',
    toolCallId: 't1',
    title: 'Write',
    options: [{ optionId: 'yes', name: 'Yes', kind: 'allow_once' }],
  }

  expect(await callBack('permission_request', request)).toEqual({ deferred: true })
  expect((await stage.call('GET', `/agents/${body.id}`)).body.pendingPermission).toEqual(request)
  await stage.call('POST', `/agents/${body.id}/permissions/r1`, { optionId: 'yes' })
  await eventually(() => asked.some(({ path, body: sent }) => path === '/permissions/r1' && sent))
  await stage.call('PATCH', `/agents/${body.id}/settings`, { autoApprovePermissions: true })
  expect(await callBack('permission_request', { ...request, requestId: 'r2' })).toEqual({ optionId: 'yes' })
  expect(await callBack('end_turn', { promptResponse: { stopReason: 'end_turn' } })).toEqual({ ok: true })
  expect(await callBack('session_end', { exitCode: 0 })).toEqual({ ok: true })

  const types = (await stage.logs(body.id)).map(({ type }) => type)
  expect(types).toContain('permission_request')
  expect(types).toContain('end_turn')
  expect((await stage.call('GET', `/agents/${body.id}`)).body).toMatchObject({
    status: 'killed',
    pendingPermission: null,
  })
})

// proves: sessions.s74
it('what it can not do is refused in the words of the contract', async () => {
  const { runtime } = onlyFetchSession()
  const stage = await open({ runtimes: { box: runtime } })

  expect(await stage.call('POST', '/runtimes/box/start', { name: 'staging' })).toMatchObject({
    status: 201,
    body: { name: 'staging', typeName: 'box', status: 'running' },
  })
  expect(await stage.call('POST', '/runtimes/staging/pause')).toMatchObject({
    status: 500,
    body: { error: 'Runtime "box" does not support pause' },
  })
  expect((await stage.call('GET', '/runtimes/staging/fs/snapshot')).status).toBe(400)
  expect(await stage.call('POST', '/runtimes/staging/stop')).toMatchObject({
    status: 200,
    body: { ok: true },
  })
  expect((await stage.call('GET', '/runtimes')).body[0].instances).toEqual([
    { name: 'staging', typeName: 'box', status: 'stopped' },
  ])
  expect(await stage.call('DELETE', '/runtimes/staging')).toMatchObject({ status: 200, body: { ok: true } })
  expect((await stage.call('GET', '/runtimes')).body[0].instances).toEqual([])
})

// proves: sessions.s74
it('every optional function is used for what it says', async () => {
  const calls: unknown[][] = []
  let status: 'running' | 'paused' | 'stopped' = 'running'
  const { runtime: simple } = onlyFetchSession()
  const noted =
    (name: string) =>
    async (...args: unknown[]) =>
      void calls.push([name, ...args])
  const runtime: Runtime = {
    ...simple,
    onlyOne: false,
    fetchInstance: async (instance, request) => {
      const { pathname, search } = new URL(request.url)
      calls.push(['fetchInstance', instance, pathname + search])
      return Response.json({ path: 'a.txt', content: 'from the box', truncated: false, maxChars: 100_000 })
    },
    start: noted('start'),
    stop: async (instance) => {
      calls.push(['stop', instance])
      status = 'stopped'
    },
    pause: async (instance) => {
      calls.push(['pause', instance])
      status = 'paused'
    },
    delete: noted('delete'),
    getInstanceStatus: async () => status,
    getWebsocketUrl: () => 'ws://localhost:9999/inside',
    getDefaultCwd: () => '/box/home',
    getRuntimeMeta: (sessionId) => ({ container: `c-${sessionId}` }),
    reconnect: async (sessionId, meta) => {
      calls.push(['reconnect', sessionId, meta])
      return true
    },
    dispose: noted('dispose'),
  }
  const ground = await openGround()
  onTestFinished(() => ground.close())
  const first = await openStage({ ground, runtimes: { box: runtime } })
  const started = await first.call('POST', '/runtimes/box/start', { name: 'one' })
  // Never the runtime's own address.
  expect(started.body.websocketUrl).toMatch(new RegExp(`^ws://${first.authority}/ws`))
  const { body: session } = await first.call('POST', '/agents', { spawn, runtimeInstance: 'one' })
  expect(session).toMatchObject({ runtime: 'one', cwd: '/box/home' })
  const file = await first.call('GET', '/runtimes/one/files?path=a.txt')
  expect(file.body).toMatchObject({ content: 'from the box' })
  await first.close({})
  expect(calls).not.toContainEqual(['dispose'])

  const second = await open({ ground, runtimes: { box: runtime } })
  const call = caller(second.origin)
  expect((await call('GET', `/agents/${session.id}`)).body.status).toBe('active')
  await call('POST', '/runtimes/one/pause')
  expect((await call('GET', '/runtimes')).body[0].instances).toMatchObject([
    { name: 'one', status: 'paused' },
  ])
  status = 'running'
  await call('POST', '/runtimes/box/start', { name: 'one' })
  await call('POST', '/runtimes/one/stop')
  expect((await call('GET', `/agents/${session.id}`)).body.status).toBe('killed')
  await call('DELETE', '/runtimes/one')
  await second.sessions.stop({ sessions: 'terminate' })

  expect(calls).toContainEqual(['reconnect', session.id, { container: `c-${session.id}` }])
  expect(calls.filter(([name]) => name !== 'reconnect')).toEqual([
    ['start', 'one'],
    ['fetchInstance', 'one', '/files?path=a.txt'],
    ['pause', 'one'],
    ['start', 'one'],
    ['stop', 'one'],
    ['delete', 'one'],
    ['dispose'],
  ])
})
