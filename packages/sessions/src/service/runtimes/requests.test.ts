import { expect, it } from 'vitest'
import type { HostRequest } from '../../protocol/index.js'
import { adHoc, ann, bob, openCore, type Script, scriptedRuntime } from '../core.test.support.js'

const get = (path: string, query: Record<string, string> = {}): HostRequest => ({
  method: 'GET',
  path,
  query,
})

async function opened(script?: Script) {
  const local = scriptedRuntime(script)
  const core = await openCore({ runtimes: { local: local.runtime } })
  return { ...core, local }
}

const answering =
  (status: number, body: unknown): Script =>
  ({ path }) =>
    ['/start', '/health'].includes(path)
      ? undefined
      : typeof body === 'string'
        ? new Response(body, { status })
        : Response.json(body, { status })

it('passes a request to an instance that was used without being started', async () => {
  const { service, local } = await opened()

  const answer = await service.fetchInstance(ann, 'local', get('/files', { path: 'a ü&b.txt' }))

  expect(answer).toEqual({ status: 200, body: { path: '/files' } })
  expect(local.asked).toEqual([
    { method: 'GET', path: '/files', query: { path: 'a ü&b.txt' }, instance: 'local' },
  ])
})

it('refuses instances that are unknown, stopped or can not be asked', async () => {
  const { service, store } = await opened()
  await service.startRuntime(ann, 'local')
  await service.stopRuntime(ann, 'local')

  await expect(service.fetchInstance(ann, 'x', get('/files'))).rejects.toMatchObject({ status: 404 })
  await expect(service.fetchInstance(ann, 'local', get('/files'))).rejects.toMatchObject({ status: 409 })
  await expect(service.fetchInstance(bob, 'local', get('/files'))).rejects.toMatchObject({ status: 403 })
  // Listening must not start what somebody has stopped.
  await expect(service.terminals.tap(ann, 'local', () => undefined)).rejects.toMatchObject({ status: 409 })
  expect(await store.instances.find('local')).toMatchObject({ status: 'stopped' })
  const bare = await openCore({
    runtimes: { bare: { fetchSession: async () => new Response() } },
  })
  await expect(bare.service.fetchInstance(ann, 'bare', get('/files'))).rejects.toMatchObject({ status: 400 })
})

it.each([
  [200, { ok: 1 }, 200, { ok: 1 }],
  [201, { path: '/w' }, 201, { path: '/w' }],
  [400, { error: 'a' }, 400, { error: 'a' }],
  [403, { error: 'a' }, 403, { error: 'a' }],
  [404, { error: 'a' }, 404, { error: 'a' }],
  [409, { error: 'a' }, 409, { error: 'a' }],
  [500, { error: 'a' }, 500, { error: 'a' }],
  [503, { error: 'host not connected' }, 503, { error: 'host not connected' }],
  [429, { error: 'busy' }, 429, { error: 'busy' }],
  [502, { error: 'File Not Found' }, 404, { error: 'File Not Found' }],
  [418, 'teapot', 500, { error: 'teapot' }],
  [502, '', 500, { error: 'HTTP 502' }],
])('an answer %i %j about files is %i', async (status, body, expected, passed) => {
  const { service } = await opened(answering(status, body))
  const { id } = await service.createSession(ann, adHoc, {})

  const answers = [
    await service.fetchInstance(ann, 'local', get('/files')),
    await service.fetchSession(bob, id, get('/fs/snapshot')),
  ]

  for (const answer of answers) expect(answer).toEqual({ status: expected, body: passed })
})

it('keeps how long to wait', async () => {
  const { service } = await opened(({ path }) =>
    path === '/files'
      ? Response.json({ error: 'away' }, { status: 503, headers: { 'retry-after': '5' } })
      : undefined,
  )

  expect(await service.fetchInstance(ann, 'local', get('/files'))).toMatchObject({
    headers: { 'retry-after': '5' },
  })
})

it('answers about queues keep their status, and are JSON always', async () => {
  const { service } = await opened(({ path }) => {
    if (path === '/queue') return new Response('<html>', { status: 502 })
    return path.startsWith('/queue/') ? Response.json({ error: 'teapot' }, { status: 418 }) : undefined
  })
  const { id } = await service.createSession(ann, adHoc, {})

  expect(await service.fetchSession(ann, id, get('/queue'))).toEqual({
    status: 502,
    body: { error: 'Invalid response from session-host' },
  })
  expect(await service.fetchSession(ann, id, { method: 'DELETE', path: '/queue/q1' })).toMatchObject({
    status: 418,
  })
})

it('refuses sessions that are over, and never asks for them', async () => {
  const { service, local } = await opened()
  const { id } = await service.createSession(ann, adHoc, {})
  await service.terminateSession(ann, id)
  const asked = local.asked.length

  await expect(service.fetchSession(ann, id, get('/files'))).rejects.toMatchObject({
    status: 404,
    message: 'Session not found',
  })
  expect(local.asked.length).toBe(asked)
})

it.each([
  '/start',
  '/terminate',
  '/prompt',
  '/permissions/r1',
  '/queue/../start',
  '/queue/%2e%2e/start',
  '/queue/.%2E/start',
  '/files?x=1',
  '/files\\..\\start',
  '/filesystem',
  'files',
])('never passes %s on', async (path) => {
  const { service, local } = await opened()
  const { id } = await service.createSession(ann, adHoc, {})
  const asked = local.asked.length

  await expect(service.fetchSession(ann, id, get(path))).rejects.toMatchObject({ status: 400 })
  await expect(service.fetchInstance(ann, 'local', get(path))).rejects.toMatchObject({ status: 400 })
  expect(local.asked.length).toBe(asked)
})

it('gives up on a runtime that does not answer, and on an answer without end', async () => {
  const endless = new ReadableStream({
    pull: (controller) => controller.enqueue(new Uint8Array(1024 * 1024)),
  })
  const { service, clock, local } = await opened(({ path }) => {
    if (path === '/files') return new Promise(() => {})
    return path === '/fs/snapshot' ? new Response(endless) : undefined
  })

  const late = service.fetchInstance(ann, 'local', get('/files'))
  while (local.asked.length === 0) await clock.advance(0)
  await clock.advance(30_000)
  expect(await late).toMatchObject({ status: 504 })
  expect(await service.fetchInstance(ann, 'local', get('/fs/snapshot'))).toMatchObject({
    status: 500,
    body: { error: 'the answer of the host is too large' },
  })
})

it('listens to the terminals of an instance, and asks for what is kept', async () => {
  const signal = { seq: 7, event: { type: 'terminal.data', data: { terminalId: 't' }, timestamp: 'now' } }
  const { service, ground } = await opened(({ path }) =>
    path === '/terminals/events'
      ? Response.json({ events: [signal, { seq: 'x' }], truncated: true })
      : undefined,
  )
  const heard: unknown[] = []

  expect(await service.terminals.kept(ann, 'local', 3)).toEqual({ events: [signal], truncated: true })
  const stop = await service.terminals.tap(ann, 'local', (one) => heard.push(one))
  ground.log.signal('host:instance/local', JSON.stringify(signal))
  ground.log.signal('host:instance/local', '{}')
  stop()
  ground.log.signal('host:instance/local', JSON.stringify(signal))

  expect(heard).toEqual([signal])
  await expect(service.terminals.tap(bob, 'local', () => undefined)).rejects.toMatchObject({ status: 403 })
})
