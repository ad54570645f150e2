// Who is let in: every route and socket, and what may be done without a token on loopback (sections 2.1 and 12).

import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import type { Runtime } from '@parley/sessions'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { type SessionsFixture, startSessionsFixture } from '../fixture.js'
import { namedRequest } from './support/named-request.js'
import { openPeer, upgradeStatus } from './support/peer.js'
import { demoSpawn, openStage, type Stage } from './support/stage.js'

let stage: Stage
let id: string
beforeAll(async () => {
  stage = await openStage()
  id = await stage.session()
})
afterAll(async () => {
  await stage?.close()
  expect(stage.faults).toEqual([])
})

/** Every route of the contract (section 2.1) but health, and our own beside it. */
const routes = (session: string): [method: string, path: string, body?: unknown][] => [
  ['GET', '/settings'],
  ['PATCH', '/settings', { autoApprovePermissions: true }],
  ['GET', '/agent-templates'],
  ['POST', '/agent-templates', { name: 'x', spawn: demoSpawn() }],
  ['PUT', '/agent-templates/x', { name: 'x' }],
  ['DELETE', '/agent-templates/x'],
  ['GET', '/runtimes'],
  ['POST', '/runtimes/local/start', {}],
  ['POST', '/runtimes/local/stop'],
  ['POST', '/runtimes/local/pause'],
  ['DELETE', '/runtimes/local'],
  ['GET', '/runtimes/local/files?path=x'],
  ['GET', '/runtimes/local/fs/snapshot'],
  ['GET', '/runtimes/local/fs/commands'],
  ['GET', '/runtimes/local/fs/search?q=x'],
  ['GET', '/runtimes/local/fs/git/branches'],
  ['GET', '/runtimes/local/fs/git/commits'],
  ['GET', '/runtimes/local/fs/git/worktrees'],
  ['GET', '/runtimes/local/fs/git/status'],
  ['GET', '/runtimes/local/fs/git/diff'],
  ['POST', '/runtimes/local/fs/git/worktrees', { name: 'x' }],
  ['GET', '/agents'],
  ['POST', '/agents', { spawn: demoSpawn() }],
  ['GET', `/agents/${session}`],
  ['GET', `/agents/${session}/`],
  ['DELETE', `/agents/${session}`],
  ['GET', `/agents/${session}/status`],
  ['GET', `/agents/${session}/commands`],
  ['POST', `/agents/${session}/prompts`, { text: 'echo x' }],
  ['POST', `/agents/${session}/cancel`],
  ['GET', `/agents/${session}/permissions`],
  ['POST', `/agents/${session}/permissions/x`, { optionId: 'allow' }],
  ['GET', `/agents/${session}/settings`],
  ['PATCH', `/agents/${session}/settings`, { autoApprovePermissions: true }],
  ['GET', `/agents/${session}/queue`],
  ['PUT', `/agents/${session}/queue`, { order: [] }],
  ['DELETE', `/agents/${session}/queue`],
  ['DELETE', `/agents/${session}/queue/x`],
  ['POST', `/agents/${session}/queue/pause`],
  ['POST', `/agents/${session}/queue/resume`],
  ['GET', `/agents/${session}/files?path=x`],
  ['GET', `/agents/${session}/fs/snapshot`],
  ['GET', `/agents/${session}/fs/search?q=x`],
  ['GET', `/agents/${session}/fs/git/branches`],
  ['GET', `/agents/${session}/fs/git/commits`],
  ['GET', `/agents/${session}/fs/git/worktrees`],
  ['GET', `/agents/${session}/fs/git/status`],
  ['GET', `/agents/${session}/fs/git/diff`],
  ['POST', `/agents/${session}/fs/git/worktrees`, { name: 'x' }],
  ['POST', `/agents/${session}/mode`, { modeId: 'code' }],
  ['POST', `/agents/${session}/model`, { modelId: 'large' }],
  ['POST', `/agents/${session}/config`, { configId: 'x', value: 'y' }],
  ['GET', `/agents/${session}/stream`],
  ['GET', `/agents/${session}/webhooks/deliveries`],
  ['POST', `/agents/${session}/webhooks/deliveries/x/retry`],
  ['GET', '/message-queue'],
  ['POST', '/message-queue', { text: 'x', sessionId: session }],
  ['POST', '/message-queue/1/send'],
  ['DELETE', '/message-queue/1'],
  ['DELETE', '/message-queue'],
]

/** Everything a stranger could have changed. */
const stateOf = async () => ({
  settings: (await stage.call('GET', '/settings')).body,
  own: (await stage.call('GET', `/agents/${id}/settings`)).body,
  sessions: (await stage.call('GET', '/agents')).body,
  templates: (await stage.call('GET', '/agent-templates')).body,
  messages: (await stage.call('GET', '/message-queue')).body,
  logs: (await stage.logs(id)).length,
})

// proves: sessions.s65
test('every route refuses who has no token, or one of nobody', async () => {
  const before = await stateOf()
  for (const [method, path, body] of routes(id))
    for (const as of ['', 'mallory']) {
      const answer = await stage.call(method, path, body, { as })
      expect([method, path, answer.status, answer.body]).toEqual([
        method,
        path,
        401,
        { error: 'unauthenticated' },
      ])
    }
  // A token in the address is none, but for the event stream.
  expect((await stage.call('GET', '/agents?token=alice', undefined, { as: '' })).status).toBe(401)
  expect(await stateOf()).toEqual(before)

  // No route is left out: those that are documented are those above.
  const { openAPIRegistry } = await stage.sessions.openApi()
  const documented = openAPIRegistry.definitions.flatMap((one) => (one.type === 'route' ? [one.route] : []))
  const open = ['/health', '/agents/{id}/events', '/callbacks/{secret}/agents/{id}/events']
  const shapes = documented
    .filter(({ path }) => !open.includes(path.replace('/api', '')))
    .map(
      ({ method, path }) =>
        [
          method.toUpperCase(),
          new RegExp(`^${path.replace('/api', '').replace(/\{\w+\}/g, '[^/]+')}$`),
        ] as const,
    )
  const untested = shapes.filter(
    ([method, shape]) =>
      !routes(id).some(
        ([tested, path]) => tested === method && shape.test(path.split('?')[0]!.replace(/\/$/, '')),
      ),
  )
  expect(untested).toEqual([])
  expect(shapes.length).toBeGreaterThan(40)
})

// proves: sessions.s65
test('every route refuses a page of another origin that would change something', async () => {
  const before = await stateOf()
  for (const [method, path, body] of routes(id)) {
    if (method === 'GET') continue
    for (const origin of ['https://evil.example', 'null', `http://${stage.authority}.evil.example`]) {
      const answer = await stage.call(method, path, body, { headers: { origin } })
      expect([method, path, answer.status, answer.body]).toEqual([
        method,
        path,
        403,
        { error: 'origin not allowed' },
      ])
      expect(answer.headers.get('access-control-allow-origin')).toBeNull()
    }
  }
  // What it may read it can not look into: no leave is given.
  const read = await stage.call('GET', '/agents', undefined, { headers: { origin: 'https://evil.example' } })
  expect(read.headers.get('access-control-allow-origin')).toBeNull()
  expect(await stateOf()).toEqual(before)
  // Its own pages may.
  const own = await stage.call('GET', '/agents', undefined, { headers: { origin: stage.origin } })
  expect(own.status).toBe(200)
})

// proves: sessions.s65
test('to another tenant a session, its messages and its sockets are not there', async () => {
  const { body: message } = await stage.call('POST', '/message-queue', { text: 'echo x', sessionId: id })
  const before = await stateOf()
  for (const [method, path, body] of routes(id)) {
    if (!path.startsWith('/agents/')) continue
    const answer = await stage.call(method, path, body, { as: 'dave' })
    expect([method, path, answer.status]).toEqual([method, path, 404])
    const none = await stage.call(method, path.replace(id, randomUUID()), body, { as: 'dave' })
    // One that is not there at all looks the same.
    const named = (text: string) => text.replaceAll(/[0-9a-f-]{36}/g, 'ID')
    expect([method, path, none.status, named(none.text)]).toEqual([
      method,
      path,
      answer.status,
      named(answer.text),
    ])
  }
  const as = { as: 'dave' }
  expect((await stage.call('GET', '/agents', undefined, as)).body).toEqual([])
  expect((await stage.call('GET', '/message-queue', undefined, as)).body).toEqual([])
  expect((await stage.call('POST', `/message-queue/${message.id}/send`, {}, as)).status).toBe(404)
  await stage.call('DELETE', `/message-queue/${message.id}`, undefined, as)
  await stage.call('DELETE', '/message-queue', undefined, as)
  expect((await stage.call('POST', '/message-queue', { text: 'x', sessionId: id }, as)).status).toBe(404)

  const headers = { authorization: 'Bearer dave' }
  expect(await upgradeStatus(`ws://${stage.authority}/ws/sessions/${id}`, { headers })).toBe(404)
  const peer = await stage.dial('/ws', { headers })
  const unknown = randomUUID()
  for (const channel of [`session:ID`, `agent:ID`, `session:ID:fs`, `session:ID:terminal`])
    for (const one of [id, unknown]) {
      // It is listened for, as one that is to come may be.
      const from = peer.texts.length
      expect(await peer.subscribe(channel.replace('ID', one))).toEqual([])
      expect(peer.frames.slice(from)).toEqual([{ type: 'subscribed', channel: channel.replace('ID', one) }])
    }
  await peer.subscribe('agents')
  for (const action of [
    'prompt',
    'cancel',
    'terminate',
    'queue.clear',
    'fs.snapshot',
    'permission.respond',
  ]) {
    const from = peer.frames.length
    const more = { text: 'echo x', requestId: 'x', body: { optionId: 'allow' } }
    peer.send({ action, sessionId: id, ...more })
    expect((await peer.next(({ type }) => type === 'error', from)).message).toMatch(/not found/i)
  }
  await stage.prompt(id, 'echo secret')
  await peer.settle()
  expect(peer.texts.filter((text) => text.includes('"event"'))).toEqual([])
  const { logs, ...after } = await stateOf()
  expect(after.settings).toEqual(before.settings)
  expect(logs).toBeGreaterThan(before.logs)
  expect((await stage.call('GET', `/agents/${id}`)).body.status).toBe('active')
})

// proves: sessions.s65
test('who may use sessions only may do nothing to the machine', async () => {
  const as = { as: 'bob' }
  for (const [method, path, body] of [
    ['POST', '/agents', { spawn: demoSpawn() }],
    ['POST', '/agent-templates', { name: 'x', spawn: demoSpawn() }],
    ['POST', '/runtimes/local/start', {}],
    ['GET', '/runtimes/local/files?path=x'],
    ['GET', '/runtimes/local/fs/snapshot'],
    ['PATCH', '/settings', { autoApprovePermissions: true }],
  ] as const)
    expect([path, (await stage.call(method, path, body, as)).status]).toEqual([path, 403])
  expect((await stage.call('GET', `/agents/${id}`, undefined, as)).status).toBe(200)
  const peer = await stage.dial('/ws', { headers: { authorization: 'Bearer bob' } })
  peer.send({ action: 'terminal.create' })
  expect((await peer.next(({ type }) => type === 'error')).message).toMatch(/^terminal\.create: /)
})

// proves: sessions.s65
describe('a socket', () => {
  const paths = () => ['/', '/ws', `/ws/sessions/${id}`]
  const at = (path: string) => `ws://${stage.authority}${path}`

  it('is refused without a token, with one of nobody, and to pages of other origins', async () => {
    for (const path of paths()) {
      const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
      expect(await upgradeStatus(at(path))).toBe(401)
      expect(await upgradeStatus(at(path), { headers: bearer('mallory') })).toBe(401)
      expect(await upgradeStatus(at(`${path}?token=mallory`))).toBe(401)
      expect(await upgradeStatus(at(path), { protocols: ['parley.token.mallory'] })).toBe(401)
      for (const origin of ['https://evil.example', 'null'])
        expect(await upgradeStatus(at(path), { headers: { ...bearer('alice'), origin } })).toBe(403)
    }
  })

  it('is open to a token in the header, the address or the subprotocol', async () => {
    for (const path of paths())
      for (const [url, options] of [
        [at(path), { headers: { authorization: 'Bearer alice' } }],
        [at(`${path}?token=alice`), {}],
        [at(path), { protocols: ['parley.token.alice'] }],
      ] as const) {
        const peer = await openPeer(url, options as Parameters<typeof openPeer>[1])
        onTestFinished(() => peer.terminate())
        expect((await peer.next(({ type }) => type === 'connected')).type).toBe('connected')
      }
  })

  it('of a host without its token is closed before anything is said', async () => {
    for (const headers of [{}, { authorization: 'Bearer alice' }, { authorization: 'Bearer nobody' }]) {
      const socket = new WebSocket(at('/api/hosts/link'), ['parley.host.1'], { headers })
      const said: string[] = []
      socket.on('message', (data) => said.push(String(data)))
      socket.on('error', () => undefined)
      const [code, reason] = await once(socket, 'close')
      expect([code, String(reason), said]).toEqual([4401, 'unauthorized', []])
    }
  })
})

// proves: sessions.s65
test('a callback counts by the secret of its session, and no credential helps', async () => {
  const starts: { callbackUrl: string }[] = []
  const box: Runtime = {
    fetchSession: async (sessionId, request) => {
      if (new URL(request.url).pathname === '/start') starts.push(await request.json())
      return Response.json({ acpSessionId: 'acp', sessionId })
    },
  }
  const foreign = await openStage({ runtimes: { box } })
  onTestFinished(() => foreign.close())
  const [one, two] = [await foreign.session(), await foreign.session()]
  const [first] = starts
  expect(first!.callbackUrl).toMatch(new RegExp(`^${foreign.origin}/api/`))
  const post = async (at: string, data: unknown = { message: 'forged' }) => {
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify({ type: 'error', data })
    return (await fetch(at, { method: 'POST', headers, body })).status
  }

  expect(await post(`${foreign.origin}/api/agents/${one}/events`)).toBe(404)
  expect(await post(`${foreign.origin}/api/agents/${one}/events?secret=wrong`)).toBe(404)
  expect(await post(`${first!.callbackUrl.slice(0, -1)}/agents/${one}/events`)).toBe(404)
  // The secret of one session is none of another, and of none that is not there.
  expect(await post(`${first!.callbackUrl}/agents/${two}/events`)).toBe(404)
  expect(await post(`${first!.callbackUrl}/agents/${randomUUID()}/events`)).toBe(404)
  const withToken = await foreign.call('POST', `/agents/${one}/events`, {
    type: 'error',
    data: { message: 'x' },
  })
  expect(withToken.status).toBe(404)
  expect(await foreign.logs(one)).toEqual([])
  expect(await post(`${first!.callbackUrl}/agents/${one}/events`, { message: 'true' })).toBe(200)
  expect((await foreign.logs(one)).map(({ data }) => data)).toEqual([{ message: 'true' }])
  expect(await foreign.logs(two)).toEqual([])
})

describe('on loopback, where nobody needs a token', () => {
  let fixture: SessionsFixture
  let authority: string
  beforeAll(async () => {
    fixture = await startSessionsFixture()
    authority = new URL(fixture.url).host
  })
  afterAll(() => fixture?.stop())

  const get = async (host: string, headers: Record<string, string> = {}, method = 'GET') => {
    const answer = await namedRequest(authority, { method, path: '/api/agents', host, headers })
    answer.resume()
    return answer.statusCode
  }

  // proves: sessions.s65
  it('a request under another name is refused, and one of another origin', async () => {
    const port = authority.split(':')[1]
    for (const host of [authority, `localhost:${port}`]) expect(await get(host)).toBe(200)
    // A name that was made to lead here.
    for (const host of ['evil.example', `evil.example:${port}`, `localhost.evil.example:${port}`])
      expect([host, [401, 403].includes((await get(host))!)]).toEqual([host, true])
    for (const origin of ['https://evil.example', 'null', 'http://localhost:1']) {
      expect([401, 403]).toContain(await get(authority, { origin }))
      expect([401, 403]).toContain(await get(authority, { origin }, 'POST'))
    }
    expect(await get(authority, { origin: `http://${authority}` })).toBe(200)
  })

  // proves: sessions.s65
  it('a socket under another name or of another origin is refused', async () => {
    for (const path of ['/', '/ws', '/ws/sessions/x']) {
      const url = `ws://${authority}${path}`
      expect([401, 403]).toContain(await upgradeStatus(url, { headers: { host: 'evil.example' } }))
      expect([401, 403]).toContain(await upgradeStatus(url, { headers: { origin: 'https://evil.example' } }))
    }
    expect(await upgradeStatus(`ws://${authority}/ws`, { headers: { origin: `http://${authority}` } })).toBe(
      101,
    )
  })
})
