import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { eventually } from '@parley/testkit'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openServer, type TestServer } from '../server.test.support.js'
import { newRoom, newTenantKey, say, type Wire } from '../threads.test.support.js'

const root = '/parley/v1/webhooks'

/** A program that is told of events; `status` is what it answers. */
async function openReceiver(status = 204) {
  const received: { type: string; headers: Record<string, unknown>; data: Wire }[] = []
  const answers = { status }
  const receiver = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk
    })
    request.once('end', () => {
      const { type, data } = JSON.parse(body)
      received.push({ type, data, headers: request.headers })
      response.writeHead(answers.status).end()
    })
  })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    receiver.closeAllConnections()
    receiver.close()
  })
  // The cast: a server that listens on a port has an address with one.
  return { url: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`, received, answers }
}

const openHooks = () => openServer({ webhookAddresses: ['127.0.0.0/8'] })

async function create(server: TestServer, body: object, key?: string): Promise<Wire> {
  const answer = await server.call(root, { body, ...(key !== undefined && { key }) })
  expect(answer.status, answer.text).toBe(201)
  return answer.body
}

const post = (server: TestServer, path: string) => server.call(`${root}/${path}`, { method: 'POST' })

describe('a webhook', () => {
  it('is created with a secret that is shown once, changed, turned and removed', async () => {
    const server = await openHooks()
    const { url } = await openReceiver()
    const { secret, ...made } = await create(server, { url, event_types: ['message'], description: 'mine' })
    const call = (method: string, body?: object) => server.call(`${root}/${made.id}`, { method, body })

    expect(secret).toMatch(/^whsec_/)
    expect((await call('GET')).body).toEqual(made)
    expect((await server.call(root)).body).toEqual({ items: [made], next_cursor: null })
    expect((await call('PATCH', { is_enabled: false, event_types: ['*'] })).body).toEqual({
      ...made,
      is_enabled: false,
      event_types: ['*'],
    })
    const rotated = (await post(server, `${made.id}/rotate-secret`)).body
    expect([rotated.secret === secret, typeof rotated.previous_until]).toEqual([false, 'string'])
    expect((await call('DELETE')).status).toBe(204)
    expect((await call('GET')).body.code).toBe('threads.webhook_not_found')
  })

  it('is told of what happens in rooms, and again when somebody asks for it', async () => {
    const server = await openHooks()
    const { url, received } = await openReceiver()
    const { id } = await create(server, { url, event_types: ['message'] })
    const room = await newRoom(server, undefined)
    const sent = await server.call(`/acp/threads/${room}/messages`, { body: say('hello') })
    await eventually(() => received.length === 1)

    const replayed = await server.call(`${root}/${id}/replay`, { body: { thread_id: room } })
    await eventually(() => received.length === 2)

    expect(received[0]).toMatchObject({ type: 'message', data: { id: sent.body.id, thread_id: room } })
    expect(received[0]!.headers).toHaveProperty('webhook-signature')
    expect(replayed.body).toEqual({ enqueued: 1, next_after_seq: null })
    const listed = (await server.call(`${root}/${id}/deliveries?limit=1`)).body
    expect(listed).toMatchObject({ items: [{ is_replay: true, event_id: sent.body.id }] })
    const next = await server.call(`${root}/${id}/deliveries?limit=1&before=${listed.next_before}`)
    expect(next.body).toMatchObject({ items: [{ is_replay: false }] })
  })

  it('keeps what could not be delivered, for who tries again or forgets it', async () => {
    const server = await openHooks()
    const { url, received, answers } = await openReceiver(500)
    const { id } = await create(server, { url, event_types: ['message'] })
    const { id: other } = await create(server, { url, event_types: ['run.started'] })
    const room = await newRoom(server, undefined)
    await server.call(`/acp/threads/${room}/messages`, { body: say('one') })
    const waiting = await eventually(async () => {
      const { items } = (await server.call(`${root}/${id}/deliveries?state=waiting`)).body as Wire
      return items[0]?.last_status === 500 && items[0]
    })
    const path = `${id}/deliveries/${waiting.id}`

    expect((await server.call(`${root}/${path}`)).body).toMatchObject({ history: [{ status: 500 }] })
    for (const strange of [`${other}/deliveries/${waiting.id}`, `${id}/deliveries/none`])
      expect((await server.call(`${root}/${strange}`)).body.code).toBe('threads.delivery_not_found')
    answers.status = 204
    expect((await post(server, `${path}/retry`)).status).toBe(204)
    await eventually(async () => (await server.call(`${root}/${path}`)).body.state === 'sent')
    expect(received.length).toBeGreaterThanOrEqual(2)
    expect((await post(server, `${path}/discard`)).status).toBe(409)
  })

  it.each([
    ['no address', {}],
    ['an address that is none', { url: 'x' }],
    ['a private address that is not allowed', { url: 'https://10.0.0.1/' }],
    ['a type that nobody knows', { url: 'https://example.com/', event_types: ['made.up'] }],
    ['a tenant that is none', { url: 'https://example.com/', tenant: 'A' }],
  ])('is refused with %s', async (_what, body) => {
    const server = await openHooks()
    expect((await server.call(root, { body })).status).toBe(400)
  })

  it('comes in pages', async () => {
    const server = await openHooks()
    const { url } = await openReceiver()
    for (const description of ['1', '2', '3']) await create(server, { url, description })
    const seen: string[] = []
    for (let query = '?limit=2'; ; ) {
      const { items, next_cursor } = (await server.call(root + query)).body as Wire
      seen.push(...items.map((one: Wire) => one.description))
      if (next_cursor === null) break
      query = `?limit=2&cursor=${encodeURIComponent(next_cursor)}`
    }

    expect(seen).toEqual(['3', '2', '1'])
    expect((await server.call(`${root}?cursor=nonsense`)).status).toBe(400)
  })
})

it('webhooks are read and written with a scope for each', async () => {
  const server = await openHooks()
  const { url } = await openReceiver()
  const { id } = await create(server, { url })
  const { key: reads } = await server.newKey('webhooks:read')
  const { key: writes } = await server.newKey('webhooks:write')
  const asks: [string, string, object?][] = [
    ['GET', root],
    ['GET', `${root}/${id}`],
    ['GET', `${root}/${id}/deliveries`],
    ['POST', root, { url }],
    ['PATCH', `${root}/${id}`, {}],
    ['POST', `${root}/${id}/rotate-secret`],
    ['POST', `${root}/${id}/replay`, { thread_id: 'th_none' }],
    ['DELETE', `${root}/${id}`],
  ]

  for (const [method, path, body] of asks) {
    const call = async (key: string) => (await server.call(path, { method, key, body })).status === 403
    expect([method, path, await call(method === 'GET' ? writes : reads)]).toEqual([method, path, true])
    expect([method, path, await call(method === 'GET' ? reads : writes)]).toEqual([method, path, false])
  }
})

it('a key with a tenant has the webhooks inside of it only', async () => {
  const server = await openHooks()
  const { url } = await openReceiver()
  const { key } = await newTenantKey(server, { org: 'A' }, 'webhooks:read', 'webhooks:write')
  const ofAll = await create(server, { url })
  const mine = await create(server, { url }, key)
  const inside = await create(server, { url, tenant: { org: 'A', ws: 'X' } }, key)

  expect([ofAll.tenant, mine.tenant]).toEqual([null, { org: 'A' }])
  for (const tenant of [null, {}, { org: 'B' }])
    expect((await server.call(root, { key, body: { url, tenant } })).body.code).toBe('server.outside_tenant')
  expect((await server.call(`${root}/${ofAll.id}`, { key })).status).toBe(404)
  expect((await server.call(`${root}/${inside.id}`, { key })).status).toBe(200)
  const idsOf = async (query: string) =>
    ((await server.call(root + query, { key })).body.items as Wire[]).map(({ id }) => id)
  expect(await idsOf('')).toEqual([mine.id])
  expect(await idsOf('?tenant=org=A&tenant=ws=X')).toEqual([inside.id])
  expect((await server.call(`${root}?tenant=org=B`, { key })).status).toBe(403)
})
