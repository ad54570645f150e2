import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createRoute, z } from '@hono/zod-openapi'
import { fakeIds } from '@parley/testkit'
import { describe, expect, it } from 'vitest'
import { defineErrors } from '../errors/index.js'
import { jsonResponse } from './answers.js'
import { toNodeListener } from './node-listener.js'
import { createRouter, infoOf, limitBody, type RouterOptions } from './router.js'

const info = { remoteAddress: '1.2.3.4', requestId: 'req_test' }
const roomErrors = defineErrors('rooms', {
  full: { status: 409, message: 'The room is full.', retryable: true },
})

const Body = z.object({ name: z.string().max(5) })
const putRoom = createRoute({
  method: 'put',
  path: '/rooms/{id}',
  request: {
    params: z.object({ id: z.string() }),
    body: { content: { 'application/json': { schema: Body } }, required: true },
  },
  responses: { 200: { description: 'The room.' } },
})

function start(options: Partial<RouterOptions> = {}) {
  const faults: unknown[] = []
  const router = createRouter({
    onFault: (error, { requestId }) => void faults.push([requestId, String(error)]),
    ...options,
  })
  router.use('/rooms/*', limitBody(1_000))
  router.get('/rooms/:id', (context) => jsonResponse(200, { ...infoOf(context) }))
  router.openapi(putRoom, (context) => jsonResponse(200, context.req.valid('json')))
  router.get('/full', () => {
    throw roomErrors.full({ retryAfter: 2.2, details: { limit: 3 } })
  })
  router.get('/bug', () => {
    throw new TypeError('secret detail')
  })
  const send = (method: string, path: string, body?: string) =>
    router.fetch(
      new Request(`http://x${path}`, { method, body, headers: { 'content-type': 'application/json' } }),
      info,
    )
  return { send, faults, router }
}

describe('a router', () => {
  it('gives routes the info of their request', async () => {
    expect(await (await start().send('GET', '/rooms/1')).json()).toEqual(info)
  })

  it('ends the stream of an answer to HEAD, of which nobody reads the body', async () => {
    const { router, send } = start()
    let ended = 0
    const stream = () => new ReadableStream({ cancel: () => void ended++ })
    router.get('/stream', () => new Response(stream(), { headers: { 'x-kind': 'stream' } }))

    const response = await send('HEAD', '/stream')

    expect(ended).toBe(1)
    expect(response.headers.get('x-kind')).toBe('stream')
    expect(await response.text()).toBe('')
    expect((await send('HEAD', '/nowhere')).status).toBe(404)
  })

  it('answers an unknown path with a problem body', async () => {
    const response = await start().send('GET', '/nowhere')

    expect(response.status).toBe(404)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(await response.json()).toEqual({
      code: 'kernel.not_found',
      message: expect.any(String),
      retryable: false,
      requestId: 'req_test',
    })
  })

  it.each(['POST', 'DELETE', 'OPTIONS'])(
    'answers %s on a known path with 405 and what is allowed',
    async (method) => {
      const response = await start().send(method, '/rooms/1')

      expect(response.status).toBe(405)
      expect(response.headers.get('allow')).toBe('HEAD, GET, PUT')
      expect(await response.json()).toMatchObject({ code: 'kernel.method_not_allowed' })
    },
  )

  it('does not take a middleware for a route', async () => {
    expect((await start().send('POST', '/rooms/1/unknown')).status).toBe(404)
  })

  it('sends refusals with their details and Retry-After', async () => {
    const response = await start().send('GET', '/full')

    expect(response.status).toBe(409)
    expect(response.headers.get('retry-after')).toBe('3')
    expect(await response.json()).toMatchObject({
      code: 'rooms.full',
      retryable: true,
      details: { limit: 3 },
    })
  })

  it('hides a fault and reports it with the request id', async () => {
    const { send, faults } = start()

    const response = await send('GET', '/bug')

    expect(response.status).toBe(500)
    expect(await response.text()).not.toContain('secret')
    expect(faults).toEqual([['req_test', 'TypeError: secret detail']])
  })

  it('refuses what the schema, the JSON or the size limit does not allow', async () => {
    const { send, faults } = start()

    expect(await (await send('PUT', '/rooms/1', '{"name":"ok"}')).json()).toEqual({ name: 'ok' })
    expect(await (await send('PUT', '/rooms/1', '{"name":"too long"}')).json()).toMatchObject({
      code: 'kernel.invalid_request',
      details: { issues: [{ path: 'name', message: expect.any(String) }] },
    })
    expect(await (await send('PUT', '/rooms/1', '{"name":')).json()).toMatchObject({
      code: 'kernel.malformed_json',
    })
    expect((await send('PUT', '/rooms/1', `{"name":"${'x'.repeat(1_000)}"}`)).status).toBe(413)
    expect(faults).toEqual([])
  })

  it('lets a plane word every refusal', async () => {
    const { send } = start({
      onError: (refusal, _info, headers) => jsonResponse(refusal.status, { error: refusal.code }, headers),
      notFound: () => jsonResponse(404, { error: 'not found' }),
    })

    expect(await (await send('GET', '/full')).json()).toEqual({ error: 'rooms.full' })
    expect(await (await send('GET', '/nowhere')).json()).toEqual({ error: 'not found' })
    const wrongMethod = await send('DELETE', '/rooms/1')
    expect(await wrongMethod.json()).toEqual({ error: 'kernel.method_not_allowed' })
    expect(wrongMethod.headers.get('allow')).toBe('HEAD, GET, PUT')
  })

  it('works behind the node listener, whose requests are not the platform’s', async () => {
    const { router } = start()
    const listener = toNodeListener((request, door) => router.fetch(request, door), { ids: fakeIds() })
    const server = createServer((request, response) => void listener(request, response))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const put = (body: string) =>
      fetch(`${url}/rooms/1`, { method: 'PUT', body, headers: { 'content-type': 'application/json' } })

    expect(await (await put('{"name":"ok"}')).json()).toEqual({ name: 'ok' })
    expect((await put(`{"name":"${'x'.repeat(1_000)}"}`)).status).toBe(413)
    expect((await fetch(`${url}/rooms/1`, { method: 'HEAD' })).status).toBe(200)

    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
})
