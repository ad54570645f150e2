import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { openGround } from '@parley/kernel/ground'
import { eventually, testGrounds } from '@parley/testkit'
import { describe, expect, it, onTestFinished, test } from 'vitest'
import { createSessions } from './create.js'
import { openPlane, type Plane, people } from './plane.test.support.js'
import { fakeRuntime } from './runtimes/fake/index.js'

const adHoc = { spawn: { command: 'demo', args: [] } }

const status = async ({ call }: Plane, id: string) =>
  (await call('alice', 'GET', `/agents/${id}`)).body.status

describe('a plane on', async () => {
  for (const { name, open } of await testGrounds())
    test(`${name} starts a session, prompts it, keeps what happened and ends it`, async () => {
      const { ground, close } = await open()
      onTestFinished(close)
      const { call, session, faults } = await openPlane({ ground })
      const id = await session()

      const prompted = await call('alice', 'POST', `/agents/${id}/prompts`, { text: 'Hello' })
      expect(prompted).toMatchObject({ status: 200, body: { stopReason: 'end_turn' } })
      // Answers of such a host and its events come by different ways.
      const seen = await eventually(async () => {
        const { body } = await call('bob', 'GET', `/agents/${id}`)
        const isStored = body.logs.some(
          ({ data }: { data: { method?: string } }) => data.method === 'session/prompt',
        )
        return isStored && body.title && body
      })
      expect(seen).toMatchObject({
        id,
        status: 'active',
        title: 'Hello',
        runtime: 'box',
        websocketUrl: expect.stringMatching(/^ws:\/\/localhost\/ws/),
      })
      expect(await call('alice', 'DELETE', `/agents/${id}`)).toMatchObject({
        status: 200,
        body: { ok: true },
      })
      expect(await call('alice', 'DELETE', `/agents/${id}`)).toMatchObject({ status: 409 })

      const { body } = await call('alice', 'GET', `/agents/${id}`)
      const methods = body.logs.map(
        ({ type, data }: { type: string; data: { method?: string } }) => data.method ?? type,
      )
      expect(body.status).toBe('killed')
      expect(methods.slice(0, 3)).toEqual(['initialize', 'session/new', 'session/prompt'])
      expect(methods.at(-1)).toBe('session.terminated')
      expect(faults).toEqual([])
    })
})

it('asks everybody who they are', async () => {
  const { call, session } = await openPlane()
  const id = await session()

  expect(await call('', 'GET', '/agents')).toMatchObject({ status: 401 })
  expect((await call('dave', 'GET', '/agents')).body).toEqual([])
  expect(await call('dave', 'GET', `/agents/${id}`)).toMatchObject({
    status: 404,
    body: { error: 'Agent not found' },
  })
  expect(await call('bob', 'POST', '/agents', adHoc)).toMatchObject({ status: 403 })
})

it('answers a permission, and takes what auto-approve says from then on', async () => {
  const plane = await openPlane()
  const { call, box } = plane
  const id = await plane.session()
  const host = () => box.hosts.get('box')!
  const first = host().sessions.get(id)!.ask()
  const { pendingPermission } = await eventually(async () => {
    const { body } = await call('alice', 'GET', `/agents/${id}`)
    return body.pendingPermission && body
  })
  const path = `/agents/${id}/permissions/${pendingPermission.requestId}`
  expect(await call('bob', 'POST', path, { optionId: 'reject' })).toMatchObject({ status: 200 })
  expect(await first).toEqual({ outcome: 'selected', optionId: 'reject' })
  expect(await call('bob', 'POST', path, { optionId: 'allow' })).toMatchObject({ status: 404 })

  const second = host().sessions.get(id)!.ask()
  await eventually(async () => (await call('alice', 'GET', `/agents/${id}/status`)).body.pendingPermission)
  await call('bob', 'PATCH', `/agents/${id}/settings`, { autoApprovePermissions: true })

  expect(await second).toEqual({ outcome: 'selected', optionId: 'allow' })
})

it('leaves sessions to the next server, which finds them again; those that are gone have ended', async () => {
  const ground = await openGround()
  onTestFinished(() => ground.close())
  const box = fakeRuntime()
  const before = await openPlane({ ground, runtimes: { box } })
  const [stays, goes] = [await before.session(), await before.session()]
  await before.sessions.stop()
  box.hosts.get('box')!.kill(goes)

  const after = await openPlane({ ground, runtimes: { box } })

  expect([await status(after, stays), await status(after, goes)]).toEqual(['active', 'killed'])
  const prompted = await after.call('alice', 'POST', `/agents/${stays}/prompts`, { text: 'Still there?' })
  expect(prompted.body).toMatchObject({ stopReason: 'end_turn' })
})

it('ends everything when it is told to', async () => {
  const ground = await openGround()
  onTestFinished(() => ground.close())
  const plane = await openPlane({ ground })
  const [first, second] = [await plane.session(), await plane.session()]

  await Promise.all([plane.sessions.stop({ sessions: 'terminate' }), plane.sessions.stop()])

  const next = await openPlane({ ground })
  expect([await status(next, first), await status(next, second)]).toEqual(['killed', 'killed'])
})

it('sends a message to a session of its own making', async () => {
  const { call, session } = await openPlane({
    agentTemplates: [
      { id: 'demo', name: 'Demo', spawn: { command: 'demo', args: [] }, runtime: { provider: 'box' } },
    ],
  })
  await session()

  const { status, body } = await call('bob', 'POST', '/message-queue', { text: 'Fix it' })

  expect([status, body.agent]).toEqual([201, 'Demo'])
  await eventually(async () => {
    const { body: messages } = await call('bob', 'GET', '/message-queue')
    return messages[0].status === 'sent'
  })
  const title = await eventually(
    async () => (await call('bob', 'GET', `/agents/${body.sessionId}`)).body.title,
  )
  expect(title).toBe('Fix it')
})

it('serves node:http, and knows which paths are its own', async () => {
  const { sessions } = await openPlane()
  const server = createServer((request, response) => void sessions.node(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => new Promise<void>((resolve) => void server.close(() => resolve())))
  // The cast: it listens on a port.
  const { port } = server.address() as AddressInfo

  const response = await fetch(`http://127.0.0.1:${port}/api/health`, { headers: { connection: 'close' } })

  expect(await response.json()).toEqual({ status: 'ok', sessions: 0 })
  const paths = [
    '/api',
    '/api/agents?x',
    '/ws',
    '/ws?token=1',
    '/ws/sessions/1',
    '/apis',
    '/',
    '/wss',
    '/ws/x',
  ]
  expect(paths.filter((path) => sessions.owns(path))).toEqual(paths.slice(0, 5))
})

it('tells whoever asks that it could not be opened', async () => {
  const ground = await openGround()
  await ground.close()
  const sessions = createSessions({
    authenticate: () => people.alice!,
    runtimes: { box: fakeRuntime() },
    ground,
    onFault: () => undefined,
  })

  await expect(sessions.ready).rejects.toThrow()
  await expect(sessions.fetch(new Request('http://localhost/api/health'))).rejects.toThrow()
  await expect(sessions.service()).rejects.toThrow()
  expect(() => createSessions({ authenticate: () => null, runtimes: {} })).toThrow(TypeError)
})
