import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { fakeIds } from '@parley/testkit'
import express from 'express'
import { afterEach, describe, expect, it } from 'vitest'
import { jsonResponse } from './answers.js'
import { readJsonBody } from './json-body.js'
import { type Fetch, type NodeListenerOptions, toNodeListener } from './node-listener.js'

const servers: Server[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
})

async function listen(server: Server): Promise<string> {
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function serve(fetch: Fetch, options: Partial<NodeListenerOptions> = {}) {
  const faults: unknown[] = []
  const onFault = (error: unknown) => void faults.push(error)
  const listener = toNodeListener(fetch, { ids: fakeIds(), onFault, ...options })
  const server = createServer((request, response) => void listener(request, response))
  return { url: await listen(server), faults }
}

const echo: Fetch = async (request) => jsonResponse(200, await readJsonBody(request, { maxBytes: 1_000 }))
const post = (url: string, body: string, type = 'application/json') =>
  globalThis.fetch(url, { method: 'POST', body, headers: { 'content-type': type } })

describe('the node listener', () => {
  it('hands over the request, the address and an id', async () => {
    const { url } = await serve((request, info) =>
      jsonResponse(200, { method: request.method, path: new URL(request.url).pathname, ...info }),
    )

    expect(await (await fetch(`${url}/a/b?c`)).json()).toEqual({
      method: 'GET',
      path: '/a/b',
      remoteAddress: '127.0.0.1',
      requestId: expect.stringMatching(/^req_/),
    })
  })

  it('believes a trusted proxy', async () => {
    const { url } = await serve((_request, info) => jsonResponse(200, info), {
      trustedProxies: ['127.0.0.1'],
    })
    const headers = { 'x-forwarded-for': '1.2.3.4', 'x-request-id': 'edge-00000001' }

    expect(await (await fetch(url, { headers })).json()).toEqual({
      remoteAddress: '1.2.3.4',
      requestId: 'edge-00000001',
    })
  })

  it('sends every security header and leaves the globals alone', async () => {
    const before = [globalThis.Request, globalThis.Response]
    const { url } = await serve(() => jsonResponse(201, '{"a":1}', { 'x-extra': 'yes' }))

    const response = await fetch(url)

    expect(response.status).toBe(201)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/json',
      'content-length': '7',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'x-extra': 'yes',
    })
    expect([globalThis.Request, globalThis.Response]).toEqual(before)
  })

  it('hides what fetch throws and goes on serving', async () => {
    let isFirst = true
    const { url, faults } = await serve(() => {
      if (!isFirst) return jsonResponse(200, {})
      isFirst = false
      throw new Error('password=hunter2')
    })

    const response = await fetch(url)

    expect(response.status).toBe(500)
    expect(await response.text()).not.toContain('hunter2')
    expect(faults.map(String)).toEqual(['Error: password=hunter2'])
    expect((await fetch(url)).status).toBe(200)
  })

  it('answers a request that can not be one with 400', async () => {
    const { url } = await serve(echo)
    const { port } = new URL(url)
    const socket = connect(Number(port), '127.0.0.1')
    socket.end('GET / HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n')
    let text = ''
    for await (const chunk of socket) text += chunk

    expect(text).toMatch(/^HTTP\/1\.1 400 /)
  })

  it('reads a body with a length, in chunks, and over the limit', async () => {
    const { url } = await serve(async (request) => {
      try {
        return await echo(request, { remoteAddress: '', requestId: '' })
      } catch (error) {
        return jsonResponse((error as { status: number }).status, {})
      }
    })
    const chunked = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('{"in":'))
        controller.enqueue(new TextEncoder().encode('"chunks"}'))
        controller.close()
      },
    })
    // The cast: Node wants `duplex` with a stream, its types do not know it.
    const stream = { method: 'POST', body: chunked, duplex: 'half' } as RequestInit

    expect(await (await post(url, '{"a":1}')).json()).toMatchObject({ value: { a: 1 } })
    expect(await (await fetch(url, stream)).json()).toMatchObject({ value: { in: 'chunks' } })
    expect((await post(url, `"${'x'.repeat(1_000)}"`)).status).toBe(413)
    expect((await post(url, '')).status).toBe(200)
  })
})

describe('inside Express', () => {
  async function expressUrl(...parsers: express.RequestHandler[]) {
    const app = express()
    for (const parser of parsers) app.use(parser)
    const listener = toNodeListener(echo, { ids: fakeIds() })
    app.use((request, response) => void listener(request, response))
    return listen(createServer(app))
  }

  it('the body that express.json() has read is handed on', async () => {
    const url = await expressUrl(express.json({ strict: false }))

    expect(await (await post(url, '{"ü":[1,null]}')).json()).toMatchObject({ value: { ü: [1, null] } })
    expect(await (await post(url, '"text"')).json()).toMatchObject({ value: 'text' })
    expect(await (await post(url, '')).json()).toMatchObject({ value: {} })
  })

  it('a body that nobody has read is read', async () => {
    expect(await (await post(await expressUrl(), '{"a":1}')).json()).toMatchObject({ value: { a: 1 } })
  })

  it('a raw body is handed on as it came', async () => {
    const url = await expressUrl(express.raw({ type: () => true }))

    expect(await (await post(url, '{"a": 1}')).json()).toMatchObject({ value: { a: 1 } })
  })

  it('a form is handed on as a form', async () => {
    const app = express()
    app.use(express.urlencoded())
    const listener = toNodeListener(async (request) => jsonResponse(200, { text: await request.text() }), {
      ids: fakeIds(),
    })
    app.use((request, response) => void listener(request, response))
    const url = await listen(createServer(app))

    const answer = await post(url, 'a=1&b=x+y&a=2', 'application/x-www-form-urlencoded')

    expect(await answer.json()).toEqual({ text: 'a=1&a=2&b=x+y' })
  })
})
