import type { ResolveHost } from '@parley/kernel/delivery'
import { eventually } from '@parley/testkit'
import { expect, it } from 'vitest'
import { openPlane } from '../../plane.test.support.js'
import { text } from '../../protocol/index.js'
import type { WebhookOptions } from './options.js'
import { openReceiver } from './receiver.test.support.js'

const resolve: ResolveHost = async (host) => {
  if (host === 'nowhere.example') throw new Error('ENOTFOUND')
  return [{ address: host === 'inside.example' ? '10.0.0.7' : '93.184.216.34', family: 4 }]
}
const url = 'https://hooks.example/in'

async function opened(webhooks: WebhookOptions = { resolve }) {
  const plane = await openPlane({ webhooks })
  const say = (id: string, what = 'x') =>
    plane.call('alice', 'POST', `/threads/${id}/messages`, { content: [text(what)] })
  return { ...plane, say, webhooks: await plane.threads.webhooks() }
}

const allowed = { allowPrivateAddresses: true }

it('an endpoint is created, read, changed and removed; its secret is shown once', async () => {
  const { webhooks, clock } = await opened()

  const { endpoint, secret } = await webhooks.create({ url, description: 'CRM', tenant: { org: 'A' } })
  await clock.advance(1)
  const changed = await webhooks.update(endpoint.id, { eventTypes: ['message', 'message'], isEnabled: false })

  expect(secret).toMatch(/^whsec_[\w+/]{43}=$/)
  expect(endpoint).toEqual({
    id: expect.stringMatching(/^wh_/),
    url,
    description: 'CRM',
    event_types: ['*'],
    tenant: { org: 'A' },
    thread_id: null,
    is_enabled: true,
    disabled_reason: null,
    failing_since: null,
    created_at: '2026-01-01T00:00:00.000000Z',
  })
  expect(changed).toEqual({ ...endpoint, event_types: ['message'], is_enabled: false })
  expect(await webhooks.update(endpoint.id, {})).toEqual(changed)
  expect(await webhooks.get(endpoint.id)).toEqual(changed)
  expect(JSON.stringify([await webhooks.list(), changed])).not.toContain('whsec_')
  await webhooks.remove(endpoint.id)
  for (const gone of [
    () => webhooks.get(endpoint.id),
    () => webhooks.update(endpoint.id, {}),
    () => webhooks.remove(endpoint.id),
    () => webhooks.rotateSecret(endpoint.id),
    () => webhooks.deliveries(endpoint.id),
    () => webhooks.replay(endpoint.id, { threadId: 'th_1' }),
    () => webhooks.get('a\0b'),
  ])
    await expect(gone()).rejects.toMatchObject({ code: 'threads.webhook_not_found' })
})

it('endpoints are listed newest first, page by page, by tenant', async () => {
  const { webhooks, clock } = await opened()
  const create = async (tenant: Record<string, string> | null) => {
    await clock.advance(1)
    return (await webhooks.create({ url, tenant })).endpoint.id
  }
  const [a, b, all, c] = [
    await create({ org: 'A' }),
    await create({ org: 'B' }),
    await create(null),
    await create({ org: 'A' }),
  ]
  const ids = async (listing: Parameters<typeof webhooks.list>[0]) =>
    (await webhooks.list(listing)).items.map(({ id }) => id)

  const first = await webhooks.list({ limit: 3 })

  expect(first.items.map(({ id }) => id)).toEqual([c, all, b])
  expect(await ids({ cursor: first.next_cursor! })).toEqual([a])
  expect(await ids({ tenant: { org: 'A' } })).toEqual([c, a])
  expect(await ids({ tenant: null })).toEqual([all])
  expect(await ids({ tenant: { org: 'C' } })).toEqual([])
})

it('a tenant has so many endpoints and no more', async () => {
  const { webhooks } = await opened({ resolve, endpointsPerTenant: 2 })
  const tenant = { org: 'A' }
  for (const one of [tenant, tenant, null]) await webhooks.create({ url, tenant: one })

  await expect(webhooks.create({ url, tenant })).rejects.toMatchObject({ code: 'threads.too_many_webhooks' })
  await webhooks.create({ url, tenant: { org: 'B' } })
})

it.each([
  [{ url: 'http://hooks.example/in' }, 'url must be an https address'],
  [{ url: 'hooks.example' }, 'url must be an https address'],
  [{ url: 'https://user:pw@hooks.example/' }, 'url: Give an http or https address'],
  [{ url: `https://hooks.example/${'x'.repeat(2_048)}` }, 'url must be a text of at most 2048'],
  [{ url: 'https://nowhere.example/' }, 'url: The host name could not be resolved'],
  [{ url: 'https://inside.example/' }, 'url: This server does not send to that address'],
  [{ url: 'https://127.0.0.1/' }, 'url: This server does not send to that address'],
  [{ url: 'https://[::1]/' }, 'url: This server does not send to that address'],
  [{ url: 'https://169.254.169.254/latest' }, 'url: This server does not send to that address'],
  [{ eventTypes: [] }, 'event_types must have 1 to 50 names'],
  [{ eventTypes: ['message', 'mesage'] }, 'event_types: there is no "mesage"'],
  [{ description: 'x'.repeat(501) }, 'description must be a text of at most 500'],
  [{ description: 'a\0b' }, 'description must be a text of at most 500'],
  [{ tenant: { org: 1 as unknown as string } }, 'tenant'],
])('refuses %j', async (wanted, message) => {
  const { webhooks } = await opened()

  const refusal = expect.objectContaining({
    code: 'threads.invalid_request',
    message: expect.stringContaining(message),
  })
  await expect(webhooks.create({ url, ...wanted })).rejects.toEqual(refusal)
  if (!('url' in wanted)) return
  const { endpoint } = await webhooks.create({ url })
  await expect(webhooks.update(endpoint.id, wanted)).rejects.toEqual(refusal)
})

it('an endpoint of one thread needs a thread that its tenant sees', async () => {
  const { webhooks, room } = await opened()
  const threadId = await room()

  await webhooks.create({ url, threadId, tenant: { org: 'A', ws: 'X' } })
  for (const wanted of [{ threadId, tenant: { org: 'B' } }, { threadId: 'th_none' }, { threadId: 'a\0' }])
    await expect(webhooks.create({ url, ...wanted })).rejects.toMatchObject({
      code: 'threads.thread_not_found',
    })
})

it('an endpoint gets what its tenant sees, of its thread, of its types', async () => {
  const { webhooks, room, say, call } = await opened(allowed)
  const [inX, inA, open] = [await room(), await room({ tenant: { org: 'A' } }), await room({ tenant: {} })]
  const filters = {
    all: {},
    x: { tenant: { org: 'A', ws: 'X' } },
    a: { tenant: { org: 'A' } },
    b: { tenant: { org: 'B' } },
    nobody: { tenant: {} },
    one: { threadId: inA },
    added: { eventTypes: ['thread.member_added', 'run.started'] },
    off: {},
  }
  const receivers = new Map<string, Awaited<ReturnType<typeof openReceiver>>>()
  for (const [name, filter] of Object.entries(filters)) {
    const receiver = await openReceiver()
    receivers.set(name, receiver)
    const wanted = { eventTypes: ['message'], ...filter }
    const { endpoint } = await webhooks.create({ url: receiver.url, ...wanted })
    if (name === 'off') await webhooks.update(endpoint.id, { isEnabled: false })
  }
  const names = new Map([
    [inX, 'X'],
    [inA, 'A'],
    [open, 'open'],
  ])

  for (const id of names.keys()) await say(id)
  await call('alice', 'POST', `/threads/${inX}/members`, {
    identity: { role: 'user', id: 'u_new', name: 'new' },
  })
  const got = () =>
    Object.fromEntries(
      Array.from(receivers, ([name, { received }]) => [
        name,
        received.map(({ json }) => names.get(json.data.thread_id)).sort(),
      ]),
    )
  const count = () => Object.values(got()).flat().length
  await eventually(() => count() >= 12)

  expect(got()).toEqual({
    all: ['A', 'X', 'open'],
    x: ['A', 'X', 'open'],
    a: ['A', 'open'],
    b: ['open'],
    nobody: ['open'],
    one: ['A'],
    added: ['X'],
    off: [],
  })
})

it('a thread that moves is told to those who see it then', async () => {
  const { webhooks, room, call } = await opened(allowed)
  const [before, after] = [await openReceiver(), await openReceiver()]
  await webhooks.create({ url: before.url, tenant: { org: 'A', ws: 'Y' }, eventTypes: ['thread.created'] })
  await webhooks.create({ url: before.url, tenant: { org: 'A' }, eventTypes: ['thread.tenant_changed'] })
  await webhooks.create({
    url: after.url,
    tenant: { org: 'A', ws: 'X' },
    eventTypes: ['thread.tenant_changed'],
  })

  const id = await room({ tenant: { org: 'A' } })
  await eventually(() => before.received.length === 1)
  await call('alice', 'PATCH', `/threads/${id}`, { tenant: { org: 'A', ws: 'X' } })
  await eventually(() => after.received.length === 1)

  expect([before.types(), after.types()]).toEqual([['thread.created'], ['thread.tenant_changed']])
})

it('a name that leads inside by the time of sending is not followed, and neither is a redirect', async () => {
  const inside = await openReceiver()
  const { port } = new URL(inside.url)
  let isInside = false
  const turning: ResolveHost = async () => [
    isInside ? { address: '127.0.0.1', family: 4 } : { address: '93.184.216.34', family: 4 },
  ]
  const guarded = await opened({ resolve: turning })
  const { endpoint } = await guarded.webhooks.create({
    url: `https://hooks.example:${port}/in`,
    eventTypes: ['message'],
  })
  isInside = true
  await guarded.say(await guarded.room())
  const last = async () => (await guarded.webhooks.deliveries(endpoint.id)).items[0]
  await eventually(async () => (await last())?.state === 'dead')
  expect((await last())?.last_error).toBe('This server does not send to that address.')

  const redirecting = await openReceiver()
  redirecting.answer(() => ({ status: 307, headers: { location: inside.url } }))
  const lenient = await opened(allowed)
  const led = await lenient.webhooks.create({ url: redirecting.url, eventTypes: ['message'] })
  await lenient.say(await lenient.room())
  const redirected = async () => (await lenient.webhooks.deliveries(led.endpoint.id)).items[0]
  await eventually(async () => (await redirected())?.last_status === 307)

  expect(inside.received).toEqual([])
})

it('what waits for an endpoint goes with it', async () => {
  const { webhooks, room, say, clock } = await opened(allowed)
  const [failing, well] = [await openReceiver(), await openReceiver()]
  failing.answer(() => ({ status: 503 }))
  const { endpoint } = await webhooks.create({ url: failing.url, eventTypes: ['message'] })
  await webhooks.create({ url: well.url, eventTypes: ['message'] })
  const id = await room()
  await say(id)
  await say(id)
  await eventually(
    async () => (await webhooks.deliveries(endpoint.id, { state: 'waiting' })).items.length === 2,
  )
  const [waiting] = (await webhooks.deliveries(endpoint.id)).items

  await webhooks.remove(endpoint.id)
  await clock.advance(6_000)
  await say(id, 'marker')
  await eventually(() => well.received.length === 3)

  expect(failing.received).toHaveLength(1)
  await expect(webhooks.delivery(waiting!.id)).rejects.toMatchObject({ code: 'threads.delivery_not_found' })
})

it('a plane without endpoints asks nothing more of its database for a message', async () => {
  const { ground, room, say } = await opened()
  const id = await room()
  let reads = 0
  const read = ground.db.read.bind(ground.db)
  ground.db.read = (query) => {
    if (query.sql.includes('webhooks') || query.sql.includes('outbox')) reads += 1
    return read(query)
  }

  await say(id)

  expect(reads).toBe(0)
})
