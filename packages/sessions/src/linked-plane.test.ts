import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { openGround } from '@parley/kernel/ground'
import { eventually } from '@parley/testkit'
import { expect, it, onTestFinished } from 'vitest'
import { linkedRuntime, linkToken } from './linked-runtime.test.support.js'
import { openPlane, type Plane } from './plane.test.support.js'
import type { HostRequest, HostResponse } from './protocol/index.js'
import { FakeHost, type FakeHostOptions } from './service/hosts/fake-host.test.support.js'

// A plane whose host dials in over its own door for sockets: what the local runtime does, with a host that is a script.

const started: FakeHostOptions['answer'] = ({ path }: HostRequest): HostResponse | undefined =>
  path.endsWith('/start')
    ? { status: 200, body: { acpSessionId: 'acp' } }
    : { status: 200, body: { ok: true } }

async function openLinked() {
  const ground = await openGround()
  onTestFinished(() => ground.close())
  const plane = await openPlane({ ground, runtimes: { local: linkedRuntime().runtime } })
  const url = await serveSockets(plane)
  const service = await plane.sessions.service()
  const dial = async (options: Partial<FakeHostOptions> = {}) => {
    const host = await new FakeHost({ url, token: linkToken, answer: started, ...options }).opened()
    host.hello()
    await host.welcomed()
    host.send({ type: 'caughtUp', epoch: host.epoch, n: host.n })
    return host
  }
  return { ...plane, plane, service, dial }
}

async function serveSockets({ sessions }: Plane): Promise<string> {
  const server = createServer()
  server.on('upgrade', (request, socket, head) => sessions.upgrade(request, socket, head))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  // The cast: it listens on a port.
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}/api/hosts/link`
}

const adHoc = { spawn: { command: 'demo', args: [] } }
const create = ({ call }: Plane) => call('alice', 'POST', '/agents', adHoc)

it('starts a session over a link, and takes in what its host tells', async () => {
  const { plane, dial, call } = await openLinked()
  // Its token is made known when a session is wanted there.
  expect(await create(plane)).toMatchObject({ status: 503, body: { error: 'host not connected' } })
  expect((await call('alice', 'GET', '/agents')).body).toEqual([])
  const host = await dial()

  const { status, body } = await create(plane)
  host.event(body.id, { type: 'error', data: { message: 'hello' } })
  await host.acked()

  expect(status).toBe(201)
  expect(host.requests).toMatchObject([
    { method: 'POST', path: `/sessions/${body.id}/start`, key: expect.stringMatching(/^start_/) },
  ])
  expect(host.requests[0]!.body).not.toHaveProperty('callbackUrl')
  const { body: session } = await call('alice', 'GET', `/agents/${body.id}`)
  expect(session.logs).toMatchObject([{ type: 'error', data: { message: 'hello' } }])
})

it('a session whose host is away ends at once, and its host learns of it when it is back', async () => {
  const { plane, dial, call } = await openLinked()
  await create(plane)
  const first = await dial()
  const { id } = (await create(plane)).body
  await first.left()

  expect(await call('alice', 'DELETE', `/agents/${id}`)).toMatchObject({ status: 200 })
  expect((await call('alice', 'GET', `/agents/${id}`)).body).toMatchObject({ status: 'killed' })
  const second = await dial({ sessions: [id] })

  await eventually(() => second.requests.some(({ path }) => path === `/sessions/${id}/terminate`))
})

it('ends a session by what its host tells of it', async () => {
  const { plane, dial, call } = await openLinked()
  await create(plane)
  const host = await dial({
    answer: (request) => {
      const id = request.path.split('/')[2]
      if (request.path.endsWith('/terminate'))
        setImmediate(() => host.event(id, { type: 'session.terminated', data: { exitCode: 3 } }))
      return started(request)
    },
  })
  const { id } = (await create(plane)).body

  expect(await call('alice', 'DELETE', `/agents/${id}`)).toMatchObject({ status: 200 })

  const { body } = await call('alice', 'GET', `/agents/${id}`)
  expect(body).toMatchObject({
    status: 'killed',
    logs: [{ type: 'session.terminated', data: { exitCode: 3 } }],
  })
})

it('a message waits while its host is away, and is sent when it is back', async () => {
  const { plane, dial, call } = await openLinked()
  await create(plane)
  const first = await dial()
  const { id } = (await create(plane)).body
  await first.left()
  const { status } = await call('alice', 'POST', '/message-queue', { text: 'Later', sessionId: id })
  expect(status).toBe(201)

  const second = await dial({ sessions: [id] })

  const sent = await eventually(() => second.requests.find(({ path }) => path === `/sessions/${id}/prompt`))
  expect(sent.body).toMatchObject({ text: 'Later' })
})
