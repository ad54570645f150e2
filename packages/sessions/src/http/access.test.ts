import { describe, expect, test } from 'vitest'
import { openDoors } from '../plane-doors.test.support.js'

const app = 'https://app.example'

// proves: sessions.s65
describe('without a credential', () => {
  test.each([
    ['GET', '/settings'],
    ['GET', '/agents'],
    ['POST', '/agents'],
    ['GET', '/agents/s1'],
    ['GET', '/agents/s1/stream'],
    ['POST', '/agents/s1/prompts'],
    ['GET', '/runtimes'],
    ['POST', '/runtimes/local/start'],
    ['GET', '/runtimes/local/files?path=a'],
    ['GET', '/message-queue'],
    ['DELETE', '/message-queue'],
    ['GET', '/agent-templates'],
  ])('%s %s is refused', async (method, path) => {
    const doors = await openDoors()
    await doors.session('s1')

    for (const token of ['', 'mallory']) {
      const response = await doors.fetch(`/api${path}`, { method, token })
      expect([response.status, await response.json()]).toEqual([401, { error: 'unauthenticated' }])
    }
    expect(doors.calls).toEqual([])
  })

  test('health is open, and says no more than how many sessions there are', async () => {
    const response = await (await openDoors()).fetch('/api/health', { token: '' })

    expect([response.status, await response.json()]).toEqual([200, { status: 'ok', sessions: 0 }])
  })

  test("a host's callback counts by its secret alone", async () => {
    const doors = await openDoors()
    const body = JSON.stringify({ type: 'end_turn', data: {} })
    const post = async (path: string) =>
      (await doors.fetch(`/api${path}`, { method: 'POST', body, token: '' })).status

    expect(await post('/callbacks/right/agents/s1/events')).toBe(200)
    expect(await post('/agents/s1/events?secret=right')).toBe(200)
    expect(await post('/agents/s1/events')).toBe(404)
    expect(await post('/callbacks/wrong/agents/s1/events')).toBe(404)
  })

  test('a token in the address counts for the event stream and nowhere else', async () => {
    const doors = await openDoors()
    await doors.session('s1', { status: 'killed' })

    expect((await doors.fetch('/api/agents/s1/stream?token=alice', { token: '' })).status).toBe(200)
    expect((await doors.fetch('/api/agents/s1/stream?token=mallory', { token: '' })).status).toBe(401)
    expect((await doors.fetch('/api/agents/s1?token=alice', { token: '' })).status).toBe(401)
  })
})

test('a session of another tenant looks like none', async () => {
  const doors = await openDoors()
  await doors.session('s1')

  for (const [path, status] of [
    ['/agents/s1', 404],
    ['/agents/s1/stream', 404],
    ['/agents/s1/status', 404],
    ['/agents/s1/queue', 404],
  ] as const) {
    expect((await doors.fetch(`/api${path}`, { token: 'bob' })).status).toBe(status)
  }
  expect(await (await doors.fetch('/api/agents', { token: 'bob' })).json()).toEqual([])
})

describe('a page of another origin', () => {
  const change = (origin: string) => ({ method: 'POST', headers: { origin } })
  const corsOf = ({ headers }: Response) =>
    Object.fromEntries([...headers].filter(([name]) => name.startsWith('access-control-') || name === 'vary'))

  // proves: sessions.s65
  test.each([
    ['http://localhost:3001', 200],
    ['https://evil.example', 403],
    ['null', 403],
  ])('%s that changes something is answered %i', async (origin, status) => {
    const doors = await openDoors()
    await doors.session('s1')

    const response = await doors.fetch('/api/agents/s1/cancel', change(origin))

    expect(response.status).toBe(status)
    expect(corsOf(response)).toEqual({})
    if (status === 403) expect(await response.json()).toEqual({ error: 'origin not allowed' })
  })

  test('that is strange can not make a callback with a secret it found', async () => {
    const doors = await openDoors()

    const init = { ...change('https://evil.example'), body: '{"type":"x","data":{}}' }
    expect((await doors.fetch('/api/callbacks/right/agents/s1/events', init)).status).toBe(403)
    expect(doors.calls).toEqual([])
  })

  test('that is allowed reads every answer, refusals and streams included', async () => {
    const doors = await openDoors({ allowedOrigins: [app] })
    await doors.session('s1', { status: 'killed' })
    const granted = {
      'access-control-allow-origin': app,
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': 'retry-after',
      vary: 'origin',
    }

    for (const path of ['/agents', '/agents/none', '/agents/s1/stream'])
      expect(corsOf(await doors.fetch(`/api${path}`, { headers: { origin: app } }))).toEqual(granted)
    expect(corsOf(await doors.fetch('/api/agents', { headers: { origin: 'https://b.example' } }))).toEqual({
      vary: 'origin',
    })
  })

  test.each([
    [app, 204],
    ['https://evil.example', 403],
  ])('%s asks before it calls and is answered %i', async (origin, status) => {
    const doors = await openDoors({ allowedOrigins: [app] })
    const headers = { origin, 'access-control-request-method': 'PUT' }

    const response = await doors.fetch('/api/agents/s1/queue', { method: 'OPTIONS', headers, token: '' })

    expect(response.status).toBe(status)
    if (status === 204) expect(response.headers.get('access-control-allow-methods')).toContain('PUT')
  })
})

// proves: sessions.s63
describe('the address of the socket', () => {
  const urlsOf = async (
    host: string,
    { headers, ...options }: { publicUrl?: string; headers?: Record<string, string>; token?: string } = {},
  ) => {
    const { token, ...more } = options
    const authenticate = () => ({ kind: 'user', id: 'u', tenant: {}, scopes: [] }) as const
    const doors = await openDoors({ ...more, authenticate })
    const init = { host, token: token ?? '', ...(headers && { headers }) }
    const infos = await (await doors.fetch('/api/runtimes', init)).json()
    return infos.flatMap((info: { instances: object[] }) => info.instances)
  }

  test.each([
    ['localhost:3001', undefined, 'ws://localhost:3001/ws'],
    ['127.0.0.1:3001', undefined, 'ws://127.0.0.1:3001/ws'],
    ['[::1]:3001', undefined, 'ws://[::1]:3001/ws'],
    ['192.168.1.5:3001', undefined, 'ws://192.168.1.5:3001/ws'],
    ['app.example', undefined, 'wss://app.example/ws'],
    ['app.example:8443', undefined, 'wss://app.example:8443/ws'],
    ['app.example', { 'x-forwarded-proto': 'http' }, 'ws://app.example/ws'],
    ['127.0.0.1:3001', { 'x-forwarded-proto': 'https' }, 'wss://127.0.0.1:3001/ws'],
  ])('asked under %s is our own there', async (host, headers, expected) => {
    const [local, box, old] = await urlsOf(host, headers ? { headers } : {})

    expect(local).toMatchObject({ name: 'local', websocketUrl: expected })
    expect(box).toMatchObject({ name: 'box', websocketUrl: `${expected}?runtime=box` })
    expect(old).not.toHaveProperty('websocketUrl')
  })

  test('is under the configured origin, whatever the request says', async () => {
    const [local] = await urlsOf('evil.example', { publicUrl: 'https://parley.example/' })

    expect(local.websocketUrl).toBe('wss://parley.example/ws')
  })

  test("carries a bearer's token, for browsers can send no header there", async () => {
    const [local, box] = await urlsOf('localhost:3001', { token: 'a b&c'.replace(' ', '') })

    expect(local.websocketUrl).toBe('ws://localhost:3001/ws?token=ab%26c')
    expect(box.websocketUrl).toBe('ws://localhost:3001/ws?runtime=box&token=ab%26c')
  })

  test('is a live session’s alone', async () => {
    const doors = await openDoors()
    await doors.session('s1')
    await doors.session('s2', { instance: 'box' })
    await doors.session('over', { status: 'killed' })

    const sessions = await (await doors.fetch('/api/agents')).json()

    const urls = Object.fromEntries(
      sessions.map((one: { id: string; websocketUrl?: string }) => [one.id, one.websocketUrl]),
    )
    expect(urls).toEqual({
      s1: 'ws://localhost:3001/ws?token=alice',
      s2: 'ws://localhost:3001/ws?runtime=box&token=alice',
    })
    const one = await (await doors.fetch('/api/agents/over')).json()
    expect(one).not.toHaveProperty('websocketUrl')
  })

  test('and the origin for callbacks are taken from the request of a new session', async () => {
    const doors = await openDoors()
    const init = {
      method: 'POST',
      body: '{"spawn":{"command":"a"}}',
      headers: { 'content-type': 'application/json' },
      host: 'app.example',
    }

    const response = await doors.fetch('/api/agents', init)

    expect([response.status, (await response.json()).websocketUrl]).toEqual([
      201,
      'wss://app.example/ws?token=alice',
    ])
    expect(doors.calls[0]?.[2]).toEqual({ callbackOrigin: 'https://app.example' })
  })
})
