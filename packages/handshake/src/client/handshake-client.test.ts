import { manualTimers } from '@parley/testkit'
import { afterEach, expect, onTestFinished, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { parsePrompt } from '../protocol/prompt/parse.js'
import type { SocketConstructor } from './edge.js'
import type { HandshakeEvent } from './events.js'
import { type FakeServer, fakeServer } from './fake-server.test.support.js'
import { type ClientOptions, HandshakeClient } from './handshake-client.js'

// `ws` types its events by classes of its own; their members are those of a browser.
const socketOfNode = WebSocket as unknown as SocketConstructor
const quick = { minMs: 1, maxMs: 5 }
const until = (check: () => void) => vi.waitFor(check, { timeout: 20_000, interval: 5 })

function clientOf(server: FakeServer, options: Partial<ClientOptions> = {}) {
  const client = new HandshakeClient({
    baseUrl: server.baseUrl,
    WebSocket: socketOfNode,
    reconnect: quick,
    ...options,
  })
  onTestFinished(() => client.disconnect())
  const events: HandshakeEvent[] = []
  const types = [
    'connected',
    'action',
    'done',
    'extended',
    'claimed',
    'history_gone',
    'error',
    'status',
  ] as const
  for (const type of types) client.on(type, (event) => events.push(event))
  const seen = (type: string) => events.filter((event) => event.type === type)
  return { client, events, seen }
}

async function connected(options: Partial<ClientOptions> = {}, { plain = false } = {}) {
  const server = await fakeServer({ plain })
  const all = { server, ...clientOf(server, options) }
  await all.client.createSession({ mode: 'form-fill', context: { a: null } })
  all.client.connect()
  await until(() => expect(all.seen('connected').length).toBe(1))
  return all
}

afterEach(() => vi.unstubAllGlobals())

test('a page creates, connects, and sees what the agent writes', async () => {
  const { server, client, seen } = await connected()

  server.push({ type: 'action', key: 'a', value: 1 })
  server.push({ type: 'done', applied: 1, rejected: [], missing: [] })

  await until(() => expect(seen('done').length).toBe(1))
  expect(seen('action')).toEqual([{ type: 'action', key: 'a', value: 1, seq: 1 }])
  expect(client.cursor).toBe(2)
})

test('creation that is refused says with which status', async () => {
  const server = await fakeServer()
  server.failures.push({ status: 403, body: { error: 'not for you' } })

  await expect(clientOf(server).client.createSession()).rejects.toMatchObject({
    message: 'createSession failed: 403',
    status: 403,
    body: { error: 'not for you' },
  })
})

test('the time that is left is what the server said last', async () => {
  const { client } = await connected()
  expect(client.session?.expiresIn).toBe(1800)

  await client.getContext()
  expect(client.session?.expiresIn).toBe(1799)

  await client.extend({ extraSeconds: 60 })
  expect(client.session?.expiresIn).toBe(1860)
})

test('connecting needs a session and a WebSocket', async () => {
  const server = await fakeServer()
  const { client } = clientOf(server)
  expect(() => client.connect()).toThrow('no session; call createSession() first')

  vi.stubGlobal('WebSocket', undefined)
  const bare = new HandshakeClient({ baseUrl: server.baseUrl })
  bare.resume(server.sessionInfo)
  expect(() => bare.connect()).toThrow('there is no WebSocket here')
})

test('on the path with a browser key no token travels', async () => {
  const { server } = await connected()
  const [upgrade] = server.requests('UPGRADE')

  expect(upgrade?.path).toBe(`${server.sessionInfo.wsUrl}?after=0`)
  expect(upgrade?.headers['sec-websocket-protocol']).toBeUndefined()
})

test('on the plain path the token is a subprotocol, never in the address', async () => {
  const { server } = await connected({}, { plain: true })
  const [upgrade] = server.requests('UPGRADE')

  expect(upgrade?.path).not.toContain(server.token)
  expect(upgrade?.headers['sec-websocket-protocol']).toBe(`hpp.token.${server.token}`)
})

test('for servers of the original line the token can go into the address', async () => {
  const { server } = await connected({ queryToken: true }, { plain: true })
  expect(server.requests('UPGRADE')[0]?.path).toContain(`token=${server.token}`)
})

test('a broken connection is made again, and continues after the last frame', async () => {
  const { server, seen } = await connected()
  server.push({ type: 'action', key: 'a', value: 1 })
  await until(() => expect(seen('action').length).toBe(1))

  for (const socket of server.sockets) socket.terminate()
  server.log.push({ type: 'action', key: 'a', value: 2 })
  await until(() => expect(seen('action').length).toBe(2))

  expect(seen('action').map((event) => 'value' in event && event.value)).toEqual([1, 2])
  expect(server.requests('UPGRADE').at(-1)?.path).toContain('after=1')
  expect(seen('status').map((event) => 'status' in event && event.status)).toEqual([
    'connecting',
    'open',
    'waiting',
    'open',
  ])
})

test('a frame that arrived before is dropped', async () => {
  const { server, seen } = await connected()
  server.push({ type: 'action', key: 'a', value: 1 })
  server.send({ type: 'action', key: 'a', value: 'again', seq: 1 })
  server.push({ type: 'action', key: 'a', value: 2 })

  await until(() => expect(seen('action').length).toBe(2))
  expect(seen('action').map((event) => 'value' in event && event.value)).toEqual([1, 2])
})

test('a log that began anew does not make new frames look old', async () => {
  const { server, client, seen } = await connected()
  client.resume(server.sessionInfo, { after: 40 })
  client.connect()
  await until(() => expect(seen('connected').length).toBe(2))

  server.push({ type: 'action', key: 'a', value: 1 })

  await until(() => expect(seen('action').length).toBe(1))
})

test('when history is gone the page is told, and the cursor moves on', async () => {
  const { server, client, seen } = await connected()
  server.send({ type: 'history_gone', seq: 40 })

  await until(() => expect(seen('history_gone').length).toBe(1))
  expect(client.cursor).toBe(39)
})

test('a refusal of the server ends it: no further attempts', async () => {
  const { server, seen } = await connected()
  server.send({ type: 'error', msg: 'session revoked' })
  for (const socket of server.sockets) socket.close(1000)

  await until(() =>
    expect(seen('status').at(-1)).toMatchObject({ status: 'ended', reason: 'session revoked' }),
  )
  expect(server.requests('UPGRADE').length).toBe(1)
})

test('a server that hangs up after a silent minute, as old ones do, is called again', async () => {
  const { server, seen } = await connected()
  for (const socket of server.sockets) socket.close(1000)

  await until(() => expect(seen('connected').length).toBe(2))
})

test('a server that is away is asked again with growing pauses', async () => {
  const timers = manualTimers()
  const server = await fakeServer()
  server.refuseUpgrades = true
  const { client, seen } = clientOf(server, {
    timers,
    random: () => 0,
    reconnect: { minMs: 100, maxMs: 300 },
  })
  client.resume(server.sessionInfo)
  client.connect()
  const waits = (n: number) => until(() => expect(seen('status').filter(isWaiting).length).toBe(n))

  await waits(1)
  timers.advance(49)
  expect(server.requests('UPGRADE').length).toBe(1)
  timers.advance(1)
  await waits(2)
  timers.advance(100)
  await waits(3)
  server.refuseUpgrades = false
  timers.advance(150)

  await until(() => expect(seen('connected').length).toBe(1))
  expect(seen('error')[0]).toEqual({ type: 'error', msg: 'websocket error' })
})

const isWaiting = (event: HandshakeEvent) => event.type === 'status' && event.status === 'waiting'

test('a ping keeps a silent socket awake, at least every 50 seconds', async () => {
  const timers = manualTimers()
  const { server } = await connected({ timers })

  timers.advance(100_000)

  await until(() => expect(server.pings.length).toBeGreaterThanOrEqual(2))
})

test('disconnecting is final and leaves no timer behind', async () => {
  const timers = manualTimers()
  const { client, server, seen } = await connected({ timers })

  client.disconnect()
  await until(() => expect(server.sockets.size).toBe(0))

  expect(seen('status').at(-1)).toEqual({ type: 'status', status: 'closed' })
  expect(timers.pending).toBe(0)
})

test('user edits go over the open socket, and over HTTP without one', async () => {
  const { server, client } = await connected()

  await client.notifyUserEdit('a', 1)
  await until(() => expect(server.edits.length).toBe(1))
  client.disconnect()
  await client.notifyUserEdit('a', undefined)

  expect(server.edits).toEqual([
    { key: 'a', value: 1, over: 'socket' },
    { key: 'a', value: null, over: 'http' },
  ])
  expect(server.requests('POST').at(-1)?.headers['x-handshake-token']).toBeUndefined()
})

test('edits made while the server is away reach it later, the last of each key, in order', async () => {
  const { server, client, seen } = await connected()
  server.refuseUpgrades = true
  server.failures.push(
    ...Array.from({ length: 3 }, () => ({ status: 503, body: { error: 'internal error' } })),
  )
  for (const socket of server.sockets) socket.terminate()
  await until(() => expect(seen('status').some(isWaiting)).toBe(true))

  await client.notifyUserEdit('a', 1)
  await client.notifyUserEdit('b', 1)
  await client.notifyUserEdit('a', 2)
  expect(client.isEditPending('a')).toBe(true)
  server.refuseUpgrades = false

  await until(() => expect(server.edits.length).toBe(2))
  expect(server.edits.map(({ key, value }) => [key, value])).toEqual([
    ['b', 1],
    ['a', 2],
  ])
})

test('an edit that the server does not take is an error, not a loop', async () => {
  const server = await fakeServer()
  const { client, seen } = clientOf(server)
  await client.createSession()
  server.failures.push({ status: 400, body: { error: 'invalid key' } })

  await client.notifyUserEdit('__proto__', 1)

  expect(seen('error')).toEqual([{ type: 'error', msg: 'the server does not take the edit of __proto__' }])
  expect(client.isEditPending('__proto__')).toBe(false)
})

test('what a listener throws does not reach the others', async () => {
  const { server, client, seen } = await connected()
  const stop = client.on('action', () => {
    throw new Error('a page’s mistake')
  })
  const later: unknown[] = []
  client.on('action', (event) => later.push(event))

  server.push({ type: 'action', key: 'a', value: 1 })

  await until(() => expect(seen('action').length).toBe(1))
  expect(later.length).toBe(1)
  stop()
})

test('a page reads, extends and revokes with its token and its browser key', async () => {
  const { server, client } = await connected()

  expect(await client.getContext()).toMatchObject({ seq: 0, context: { a: { by: 'empty' } } })
  expect(await client.getDiff({ since: '2026-06-23T10:22:00+08:00' })).toMatchObject({ changes: [] })
  expect(await client.extend({ extraSeconds: 60 })).toMatchObject({ extended: 60 })
  expect(await client.revoke()).toEqual({ ok: true, revoked: true })

  expect(server.seen.at(-1)).toMatchObject({
    method: 'DELETE',
    headers: {
      'x-handshake-token': server.token,
      'x-handshake-browser-key': 'browserkeybrowserkeybrowserkey00',
    },
  })
})

test('the prompt names the session, its mode, and how long it lives now', async () => {
  const { server, client, seen } = await connected()
  server.push({ type: 'extended', expiresIn: 3600 })
  await until(() => expect(seen('extended').length).toBe(1))

  expect(parsePrompt(client.buildPrompt({ title: 'Tax' }))).toMatchObject({
    sessionId: server.sessionInfo.sessionId,
    token: server.token,
    baseUrl: server.baseUrl,
    mode: 'form-fill',
    expiresIn: '3600s',
  })
})

test('copying tells whether the browser allowed it', async () => {
  const { client } = await connected()
  const copied: string[] = []
  vi.stubGlobal('navigator', { clipboard: { writeText: async (text: string) => void copied.push(text) } })
  expect(await client.copyPrompt()).toBe(true)

  vi.stubGlobal('navigator', {})
  expect(await client.copyPrompt()).toBe(false)
  expect(copied).toEqual([client.buildPrompt()])
})

test('what connect returns has the surface of a WebSocket', async () => {
  const { server, client } = await connected()
  const socket = client.connect()
  const heard: string[] = []
  socket.onmessage = ({ data }) => heard.push(`on ${data}`)
  socket.addEventListener('message', (event) => heard.push(`add ${(event as MessageEvent).data}`))
  socket.addEventListener('close', () => heard.push('close'))

  server.send({ type: 'heartbeat' })
  await until(() => expect(heard.length).toBe(2))
  expect([socket.readyState, socket.url]).toEqual([1, expect.stringMatching(/^ws:/)])
  socket.close()

  expect(heard).toEqual(['on {"type":"heartbeat"}', 'add {"type":"heartbeat"}', 'close'])
  expect(socket.readyState).toBe(3)
  expect(() => socket.send('x')).toThrow('not open')
})
