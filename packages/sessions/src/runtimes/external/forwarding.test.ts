import { randomUUID } from 'node:crypto'
import { expect, it, onTestFinished } from 'vitest'
import { toOwnSocket } from './address.js'
import { externalRuntime } from './index.js'
import { openScriptedHost } from './scripted-host.test.support.js'

async function opened(options: { token?: string } = {}) {
  const scripted = await openScriptedHost('b')
  const runtime = externalRuntime({ url: `${scripted.url}/`, cwd: '/srv', ...options })
  onTestFinished(async () => {
    await runtime.dispose?.()
    await scripted.close()
  })
  const call = (id: string, method: string, path: string, body?: unknown) =>
    runtime.fetchSession(
      id,
      new Request(`http://session.invalid${path}`, {
        method,
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }),
    )
  return { scripted, runtime, call }
}

it('forwards below the session, with query, directory, key and token, and nothing else', async () => {
  const { scripted, runtime } = await opened({ token: 'host-token' })
  const id = randomUUID()
  const headers = {
    'x-session-cwd': '/w',
    'idempotency-key': 'k',
    authorization: 'Bearer theirs',
    cookie: 'c=1',
  }
  await runtime.fetchSession(id, new Request('http://session.invalid/files?path=a%20b', { headers }))

  expect(scripted.requests).toEqual([`GET /sessions/${id}/files?path=a%20b`])
  expect(scripted.lastHeaders()).toMatchObject({
    'x-session-cwd': '/w',
    'idempotency-key': 'k',
    authorization: 'Bearer host-token',
  })
  expect(scripted.lastHeaders()).not.toHaveProperty('cookie')
})

it('says where the host is when the host does not', async () => {
  const { scripted, call, runtime } = await opened()
  const id = randomUUID()
  const answer = await call(id, 'POST', '/start', { command: 'x' })

  const websocketUrl = scripted.url.replace('http', 'ws')
  expect(await answer.json()).toEqual({
    acpSessionId: 'acp-1',
    sessionId: id,
    hostUrl: scripted.url,
    websocketUrl,
  })
  expect([runtime.getWebsocketUrl?.('x'), runtime.getDefaultCwd?.()]).toEqual([websocketUrl, '/srv'])
})

it('an empty listing is a list', async () => {
  const { runtime } = await opened()
  const answer = await runtime.fetchInstance?.('x', new Request('http://session.invalid/fs/snapshot'))

  expect(await answer?.json()).toMatchObject({ root: '/workspace', entries: [] })
})

it('follows no redirect', async () => {
  const { scripted, call } = await opened()
  scripted.intercept = (_request, response) => {
    response.writeHead(302, { location: '/elsewhere' }).end()
    return true
  }
  const answer = await call('s', 'GET', '/health')

  expect(answer.status).toBe(502)
  expect(scripted.requests).toHaveLength(1)
})

it('cuts an answer that is too large', async () => {
  const { scripted, call } = await opened()
  scripted.intercept = (_request, response) => {
    response.writeHead(200)
    for (let n = 0; n < 17; n++) response.write(Buffer.alloc(1024 * 1024))
    response.end()
    return true
  }
  const answer = await call('s', 'GET', '/files')

  expect([answer.status, await answer.json()]).toEqual([
    502,
    { error: 'the answer of the host is too large' },
  ])
})

it('tells a host that is not there from one that answers badly', async () => {
  const { scripted, call, runtime } = await opened()
  scripted.intercept = (request) => {
    request.socket.destroy()
    return true
  }
  expect((await call('s', 'POST', '/prompt', { text: 'x' })).status).toBe(502)
  await scripted.close()

  expect((await call('s', 'POST', '/prompt', { text: 'x' })).status).toBe(503)
  expect(await runtime.getInstanceStatus?.('x')).toBe('stopped')
})

it('ends a request with the signal of whoever asked', async () => {
  const { scripted, runtime } = await opened()
  const asking = new AbortController()
  scripted.intercept = () => {
    asking.abort(new Error('nobody waits'))
    return true
  }
  const request = new Request('http://session.invalid/prompt', {
    method: 'POST',
    body: '{}',
    signal: asking.signal,
  })

  await expect(runtime.fetchSession('s', request)).rejects.toThrow()
})

it.each(['', 'x', 'ftp://host', 'http://user:pw@host', 'http://host/?a=b', 'file:///etc'])(
  'refuses %j',
  (url) => {
    expect(() => externalRuntime({ url })).toThrow(TypeError)
  },
)

it.each([
  ['http://host:1', 'ws://host:2/sessions/x', 'ws://host:2/sessions/x'],
  ['http://localhost:1', 'ws://127.0.0.1:2/', 'ws://127.0.0.1:2/'],
  ['https://host/base', 'wss://host/ws', 'wss://host/ws'],
  ['https://host/base', 'ws://host/ws', 'wss://host/base'],
  ['http://host', 'ws://elsewhere/', 'ws://host'],
  ['http://host', 'http://host/', 'ws://host'],
  ['http://host', 'ws://user:pw@host/', 'ws://host'],
  ['http://host', '', 'ws://host'],
])('of the host at %s the socket %j is %s', (base, given, own) => {
  expect(toOwnSocket(base, given)).toBe(own)
})
