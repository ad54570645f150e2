// One list of cases, run against every way of mounting the handshake plane into somebody's server. It runs here on the
// sources, and in an empty project on the packed packages (tests/architecture/packed.test.ts): so it imports nothing
// that a user would not have.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import {
  createHandshake,
  type Handshake,
  handshakeForExpress,
  handshakeForHono,
  handshakeForNode,
} from '@parley/handshake'
import express from 'express'
import { Hono } from 'hono'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'

type Mounted = {
  name: string
  mount(handshake: Handshake): Promise<Server>
  /** The framework's own body parser comes first, and answers what it can't parse by itself. */
  parsesBodies?: boolean
}

const listening = (server: Server): Promise<Server> =>
  new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)))

const mounts: Mounted[] = [
  {
    name: 'node:http, as its only listener',
    mount: (handshake) => {
      const server = createServer((request, response) => void handshake.node(request, response))
      return listening(server.on('upgrade', handshake.upgrade))
    },
  },
  {
    name: 'node:http, beside other listeners',
    mount: async (handshake) => {
      const server = createServer((_request, response) => response.end('the application'))
      server.on('upgrade', (_request, socket) => socket.end('HTTP/1.1 418 Mine\r\nconnection: close\r\n\r\n'))
      handshakeForNode(handshake, server)
      return listening(server)
    },
  },
  {
    name: 'Hono',
    mount: (handshake) => {
      const app = new Hono()
        .use(handshakeForHono(handshake))
        .get('*', (context) => context.text('the application'))
      return new Promise((resolve) => {
        // The cast: without other options node-server makes a plain HTTP server.
        const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, () =>
          resolve(server),
        ) as Server
        server.on('upgrade', handshake.upgrade)
      })
    },
  },
  {
    name: 'Express',
    mount: (handshake) => {
      const app = express().use(handshakeForExpress(handshake))
      app.use((_request, response) => void response.send('the application'))
      return listening(createServer(app).on('upgrade', handshake.upgrade))
    },
  },
  {
    name: 'Express behind express.json()',
    parsesBodies: true,
    mount: (handshake) => {
      const app = express().use(express.json()).use(handshakeForExpress(handshake))
      app.use((_request, response) => void response.send('the application'))
      return listening(createServer(app).on('upgrade', handshake.upgrade))
    },
  },
]

type Json = Record<string, unknown>
type Created = Record<'sessionId' | 'token' | 'contextUrl' | 'actionUrl' | 'notifyUrl' | 'wsUrl', string>

describe.each(mounts)('mounted into $name', ({ name, mount, parsesBodies = false }) => {
  let handshake: Handshake
  let server: Server
  let origin: string
  beforeEach(async () => {
    handshake = createHandshake()
    server = await mount(handshake)
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterEach(async () => {
    await handshake.stop()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })

  const post = async (path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body)
    const answer = await fetch(origin + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: text,
    })
    return { status: answer.status, body: (await answer.json()) as Json }
  }
  const create = async (): Promise<Created> => {
    const { body } = await post('/handshake/session', { mode: 'form-fill', context: { a: '', b: '' } })
    return body as Created
  }
  const act = (page: Created, values: Json) => {
    const actions = Object.entries(values).map(([key, value]) => ({ type: 'set', key, value }))
    return post(page.actionUrl, { actions, intervalMs: 0 }, { 'x-handshake-token': page.token })
  }

  // proves: handshake.h39
  test('a page and an agent fill a form together', async () => {
    const page = await create()
    const socket = new WebSocket(`${origin.replace('http', 'ws')}${page.wsUrl}?token=${page.token}`)
    const frames: Json[] = []
    socket.on('message', (data) => frames.push(JSON.parse(String(data))))
    await vi.waitFor(() => expect(frames).toHaveLength(1))

    const report = await act(page, { a: '1' })
    await vi.waitFor(() => expect(frames.map(({ type }) => type)).toContain('done'))
    socket.send(JSON.stringify({ type: 'userEdit', key: 'a', value: 'mine' }))
    await post(page.notifyUrl, { key: 'b', value: 'mine, too' })

    expect(report).toMatchObject({ status: 200, body: { applied: ['a'], broadcast: { clients: 1 } } })
    expect(frames.map(({ type }) => type).slice(0, 3)).toEqual(['connected', 'action', 'done'])
    await vi.waitFor(
      async () => {
        const { body } = await act(page, { a: '2', b: '2' })
        expect(body.rejected).toHaveLength(2)
      },
      { interval: 200, timeout: 10_000 },
    )
    socket.terminate()
  })

  // proves: handshake.h39
  test('refusals have the words of the contract', async () => {
    const page = await create()
    const context = (token: string) =>
      fetch(origin + page.contextUrl, { headers: { 'x-handshake-token': token } })

    const answers = [
      await context('wrong'),
      await fetch(`${origin}/handshake/context/${'0'.repeat(32)}`),
      await fetch(`${origin}/handshake/nowhere`),
      await fetch(origin + page.contextUrl, { method: 'PUT' }),
    ]

    expect(await Promise.all(answers.map(async (answer) => [answer.status, await answer.json()]))).toEqual([
      [403, { error: 'invalid token' }],
      [404, { error: 'session not found or expired' }],
      [404, { error: 'not found' }],
      [405, { error: 'method not allowed' }],
    ])
    expect(answers.map(({ headers }) => headers.get('cache-control'))).toEqual(Array(4).fill('no-store'))
    expect(await post(page.actionUrl, [1], { 'x-handshake-token': page.token })).toEqual({
      status: 400,
      body: { error: 'request body must be a JSON object' },
    })
  })

  // proves: handshake.h39
  test.skipIf(parsesBodies)('a body is read as it comes (a parser before us answers by itself)', async () => {
    const { actionUrl, token } = await create()
    const send = (body: string | undefined, type: string) =>
      post(actionUrl, body, { 'x-handshake-token': token, 'content-type': type })

    expect(await send('{', 'application/json')).toEqual({ status: 400, body: { error: 'malformed JSON' } })
    expect((await send('{"actions":[]}', 'text/plain')).status).toBe(200)
    expect((await send(`{"x":"${'x'.repeat(300_000)}"}`, 'application/json')).status).toBe(413)
  })

  // proves: handshake.h39
  test('an empty body is an empty object', async () => {
    const { actionUrl, token } = await create()

    expect(await post(actionUrl, undefined, { 'x-handshake-token': token })).toMatchObject({
      status: 200,
      body: { applied: [] },
    })
  })

  // proves: handshake.h39
  test('what is not the plane’s goes to the application', async () => {
    const isAlone = name === 'node:http, as its only listener'
    const answer = await fetch(`${origin}/elsewhere`)
    const upgrade = await statusOfUpgrade(`${origin.replace('http', 'ws')}/elsewhere`)

    expect(await answer.text()).toBe(isAlone ? '{"error":"not found"}' : 'the application')
    expect(upgrade).toBe(name === 'node:http, beside other listeners' ? 418 : 400)
  })

  // proves: handshake.h39
  test('limits are about the caller’s address', async () => {
    const statuses = []
    for (let n = 0; n < 31; n++) statuses.push((await post('/handshake/session')).status)

    expect(statuses.slice(0, 30)).toEqual(Array(30).fill(200))
    expect(statuses[30]).toBe(429)
  })
})

test('taken out of a server of node:http, the plane leaves its listeners as they were', async () => {
  const handshake = createHandshake()
  const server = createServer((_request, response) => response.end('the application'))
  const before = server.listeners('request')
  const remove = handshakeForNode(handshake, server)
  const later = () => {}
  server.on('request', later)

  remove()

  expect(server.listeners('request')).toEqual([later, ...before])
  expect(server.listeners('upgrade')).toEqual([])
  await handshake.stop()
})

function statusOfUpgrade(url: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    const socket = new WebSocket(url)
    socket.on('unexpected-response', (_request, response) => {
      resolve(response.statusCode)
      socket.terminate()
    })
    socket.on('error', () => {})
  })
}
