import { once } from 'node:events'
import { request } from 'node:http'
import { expect, it, onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { createSessions } from './create.js'
import { people } from './plane.test.support.js'
import { fakeRuntime } from './runtimes/fake/index.js'
import { type ServeOptions, serve } from './serve.js'

const page = 'https://app.example'

/** A plane that knows alice by her token, and by a cookie. */
async function served(options: Partial<ServeOptions> = {}) {
  const sessions = createSessions({
    authenticate: ({ headers, url }) => {
      const token = headers.get('authorization') ?? new URL(url).searchParams.get('token')
      const isAlice = token?.endsWith('alice') || headers.get('cookie') === 'who=alice'
      return isAlice ? people.alice! : null
    },
    runtimes: { box: fakeRuntime() },
  })
  const server = await serve(sessions, { port: 0, ...options })
  let isClosed = false
  const close = async () => {
    if (!isClosed) await server.close()
    isClosed = true
  }
  onTestFinished(close)
  const call = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    fetch(`${server.url}/api${path}`, { method, headers })
  return { ...server, close, call }
}

const alice = { authorization: 'Bearer alice' }

/** How a socket ended up: `open`, or what refused it. */
async function dial(url: string, headers: Record<string, string>): Promise<string> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws?token=alice`, { headers })
  onTestFinished(() => socket.terminate())
  return await new Promise((resolve) => {
    socket.once('message', (data) => resolve(JSON.parse(String(data)).type))
    socket.once('close', (code) => resolve(String(code)))
    socket.once('error', (error) => resolve(error.message))
  })
}

it('serves routes and sockets on a port of its own, and closes with the plane', async () => {
  const { url, call, close } = await served()

  expect(await (await call('/runtimes', alice)).json()).toMatchObject([{ typeName: 'box' }])
  expect((await call('/runtimes')).status).toBe(401)
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws?token=alice`)
  const closed = once(socket, 'close')
  expect(JSON.parse(String((await once(socket, 'message'))[0]))).toMatchObject({ type: 'connected' })

  await close()

  expect((await closed)[0]).toBe(1001)
  await expect(call('/health')).rejects.toThrow()
})

it('answers to names it was given, to addresses and to localhost', async () => {
  const { url } = await served({ hosts: ['agents.example'] })
  const { port } = new URL(url)
  const statusFor = (host: string) =>
    new Promise((resolve, reject) => {
      const asked = request({ port, host: '127.0.0.1', path: '/api/runtimes', headers: { ...alice, host } })
      asked.once('response', (response) => resolve(response.resume().statusCode)).once('error', reject)
      asked.end()
    })

  expect(await statusFor('agents.example')).toBe(200)
  expect(await statusFor(`localhost:${port}`)).toBe(200)
  expect(await statusFor('rebound.example')).toBe(403)
  expect(await dial(url, { host: 'rebound.example' })).toMatch(/400/)
})

it('lets no page of another origin in unless it is told to', async () => {
  const { url, call } = await served()

  const read = await call('/runtimes', { ...alice, origin: page })
  expect(read.headers.get('access-control-allow-origin')).toBeNull()
  expect((await call('/runtimes/box/start', { ...alice, origin: page }, 'POST')).status).toBe(403)
  expect(await dial(url, { origin: page })).not.toBe('connected')
})

it.each([
  ['every page', true],
  ['a page that is named', [page]],
] as const)('lets %s in with a token, and never with a cookie', async (_which, cors) => {
  const { url, call } = await served({ cors })
  const from = { origin: page }

  const preflight = await call('/agents', { ...from, 'access-control-request-headers': 'x-mine' }, 'OPTIONS')
  expect(preflight.status).toBe(204)
  expect(preflight.headers.get('access-control-allow-headers')).toBe('x-mine')
  const started = await call('/runtimes/box/start', { ...alice, ...from }, 'POST')
  expect([started.status, started.headers.get('access-control-allow-origin')]).toEqual([201, page])
  expect((await call('/runtimes', { cookie: 'who=alice' })).status).toBe(200)
  expect((await call('/runtimes', { cookie: 'who=alice', ...from })).status).toBe(401)
  expect((await call('/runtimes', { cookie: 'who=alice', origin: url })).status).toBe(200)
  expect(await dial(url, from)).toBe('connected')
})

it('lets no page in that is not named', async () => {
  const { call } = await served({ cors: [page] })

  const other = { ...alice, origin: 'https://evil.example' }
  expect((await call('/runtimes/box/start', other, 'POST')).status).toBe(403)
})

it('rejects when the port is taken', async () => {
  const { url } = await served()
  const sessions = createSessions({ authenticate: () => null, runtimes: { box: fakeRuntime() } })
  onTestFinished(() => sessions.stop())

  await expect(serve(sessions, { port: Number(new URL(url).port) })).rejects.toMatchObject({
    code: 'EADDRINUSE',
  })
})
