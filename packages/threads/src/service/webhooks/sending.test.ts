import { verifyWebhook } from '@parley/kernel/delivery'
import { eventually } from '@parley/testkit'
import { expect, it } from 'vitest'
import { openPlane, type Plane, people } from '../../plane.test.support.js'
import { assistant, text } from '../../protocol/index.js'
import { formulaOf, openReceiver, type Received, type Receiver } from './receiver.test.support.js'
import type { NewWebhook } from './types.js'

const allowed = { webhooks: { allowPrivateAddresses: true } }

async function opened(wanted: Partial<NewWebhook> = {}) {
  const plane = await openPlane(allowed)
  const receiver = await openReceiver()
  const webhooks = await plane.threads.webhooks()
  const { endpoint, secret } = await webhooks.create({ url: receiver.url, ...wanted })
  const say = (id: string, what: string) =>
    plane.call('alice', 'POST', `/threads/${id}/messages`, { content: [text(what)] })
  const only = async () => (await webhooks.deliveries(endpoint.id)).items[0]!
  return { plane, receiver, webhooks, endpoint, secret, say, only }
}

const arrived = (receiver: Receiver, count: number) => eventually(() => receiver.received.length >= count)
const isIn = (state: string, get: () => Promise<{ state: string }>) =>
  eventually(async () => (await get()).state === state)
const isSigned = ({ clock }: Plane, secret: string | string[], { headers, body }: Received) =>
  // The cast: none of the headers that count comes twice.
  verifyWebhook({ headers: headers as Record<string, string>, body, secret, now: clock.now() })

// proves: threads.t37
it('every event leaves as it is stored, signed so that the receiver can tell', async () => {
  const { plane, receiver, secret, say } = await opened()
  plane.threads.assistant('bot', async function* (ctx, send) {
    if (ctx.run.triggered_by.id === 'u_bob') throw new Error('no')
    yield send.reasoning('hm')
    const call = send.toolCall({ name: 'look', arguments: { at: 1.5 } })
    yield call
    yield send.toolResult({ toolId: call.tool.id, result: ['Grüße 👋'] })
    yield send.message([text('done')])
  })
  plane.threads.assistant('slow', async function* (ctx, send) {
    await new Promise((resolve) => ctx.signal.addEventListener('abort', resolve, { once: true }))
    yield send.reasoning('too late')
  })
  const id = await plane.room({
    members: [people.bob!, assistant({ id: 'bot', name: 'Bot' }), assistant({ id: 'slow', name: 'Slow' })],
  })
  const post = (who: string, path: string, body: unknown) =>
    plane.call(who, 'POST', `/threads/${id}${path}`, body)
  const read = async () => (await plane.call('alice', 'GET', `/threads/${id}/events?limit=500`)).body.items
  const has = (type: string) =>
    eventually(async () => (await read()).some((event: { type: string }) => event.type === type))

  const said = await say(id, 'Grüße 👋 \u2028 "quoted"')
  const message = `/threads/${id}/events/${said.body.id}`
  await plane.call('alice', 'PATCH', message, { content: [text('better')] })
  await plane.call('alice', 'DELETE', message)
  await plane.call('alice', 'PATCH', `/threads/${id}`, { tenant: { org: 'A' } })
  await post('alice', '/invocations', { assistant_ids: ['bot'] })
  await has('run.completed')
  await post('bob', '/invocations', { assistant_ids: ['bot'] })
  await has('run.failed')
  const { runs } = (await post('alice', '/invocations', { assistant_ids: ['slow'] })).body
  await eventually(async () => (await plane.call('alice', 'GET', `/runs/${runs[0].id}`)).body.running_at)
  await plane.call('alice', 'DELETE', `/runs/${runs[0].id}`)
  await plane.call('alice', 'DELETE', `/threads/${id}/members/u_bob`)

  const stored = await read()
  await arrived(receiver, stored.length)
  const types = [
    'message',
    'message.deleted',
    'message.edited',
    'reasoning',
    'run.cancelled',
    'run.completed',
    'run.failed',
    'run.started',
    'thread.created',
    'thread.member_added',
    'thread.member_removed',
    'thread.tenant_changed',
    'tool.call',
    'tool.result',
  ]
  expect([...new Set(receiver.types())].sort()).toEqual(types)
  expect(receiver.received.map(({ json }) => json.data)).toEqual(stored)
  for (const one of receiver.received) {
    expect(one.json).toEqual({
      type: one.json.data.type,
      timestamp: one.json.data.created_at,
      data: one.json.data,
    })
    expect(isSigned(plane, secret, one)).toBe(true)
    expect(one.headers['webhook-signature']).toBe(formulaOf(secret, one))
    expect(one.headers['content-type']).toBe('application/json')
  }
  expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(stored.length)
})

it('what fails is tried again with the same bytes, and what follows it in its thread waits', async () => {
  const { plane, receiver, say, only } = await opened({ eventTypes: ['message'] })
  const [first, second] = [await plane.room(), await plane.room()]
  receiver.answer(({ json }) => ({ status: json.data.thread_id === first ? 503 : 204 }))

  for (const n of ['1', '2', '3']) await say(first, n)
  await arrived(receiver, 1)
  await say(second, 'of another thread')
  await arrived(receiver, 2)
  await eventually(async () => (await only()).state === 'sent')
  expect(receiver.received.map(({ json }) => json.data.content[0].text)).toEqual(['1', 'of another thread'])
  receiver.answer(() => ({ status: 204 }))
  await plane.clock.advance(6_000)
  await arrived(receiver, 5)

  const ofFirst = receiver.received.filter(({ json }) => json.data.thread_id === first)
  expect(ofFirst.map(({ json }) => json.data.content[0].text)).toEqual(['1', '1', '2', '3'])
  expect(ofFirst[1]!.body).toBe(ofFirst[0]!.body)
  expect(ofFirst[1]!.headers['webhook-id']).toBe(ofFirst[0]!.headers['webhook-id'])
  expect(ofFirst[1]!.headers['webhook-timestamp']).not.toBe(ofFirst[0]!.headers['webhook-timestamp'])
})

it('a message that was sent twice with one key leaves once', async () => {
  const { plane, receiver, say } = await opened({ eventTypes: ['message'] })
  const id = await plane.room()
  const send = () =>
    plane.call('alice', 'POST', `/threads/${id}/messages`, { content: [text('x')], client_id: 'k' })

  expect([(await send()).status, (await send()).status]).toEqual([201, 200])
  await say(id, 'last')
  await arrived(receiver, 2)

  expect(receiver.received.map(({ json }) => json.data.content[0].text)).toEqual(['x', 'last'])
})

it('a refusal is final; a person may try again', async () => {
  const { plane, receiver, webhooks, endpoint, say, only } = await opened({ eventTypes: ['message'] })
  const id = await plane.room()
  receiver.answer(() => ({ status: 422 }))
  await say(id, 'x')
  await isIn('dead', only)

  const { id: deliveryId } = await only()
  expect(await webhooks.delivery(deliveryId)).toMatchObject({
    endpoint_id: endpoint.id,
    thread_id: id,
    event_type: 'message',
    is_replay: false,
    attempts: 1,
    last_status: 422,
    last_error: 'The endpoint answered 422.',
    history: [{ number: 1, status: 422, error: 'The endpoint answered 422.' }],
  })
  expect((await webhooks.get(endpoint.id)).failing_since).not.toBeNull()
  receiver.answer(() => ({ status: 200 }))
  await webhooks.retry(deliveryId)
  await isIn('sent', only)

  expect(receiver.received).toHaveLength(2)
  await eventually(async () => (await webhooks.get(endpoint.id)).failing_since === null)
  await expect(webhooks.retry(deliveryId)).rejects.toMatchObject({ code: 'threads.conflict' })
  await expect(webhooks.discard(deliveryId)).rejects.toMatchObject({ code: 'threads.conflict' })
})

it('an endpoint that is gone is disabled, and gets what comes once it is enabled', async () => {
  const { plane, receiver, webhooks, endpoint, say } = await opened({ eventTypes: ['message'] })
  const id = await plane.room()
  receiver.answer(() => ({ status: 410 }))
  await say(id, 'x')
  await eventually(async () => !(await webhooks.get(endpoint.id)).is_enabled)
  expect((await webhooks.get(endpoint.id)).disabled_reason).toBe('gone')
  await say(id, 'unheard')

  receiver.answer(() => ({ status: 204 }))
  const enabled = await webhooks.update(endpoint.id, { isEnabled: true })
  await say(id, 'y')
  await arrived(receiver, 2)

  expect(enabled).toMatchObject({ is_enabled: true, disabled_reason: null, failing_since: null })
  expect(receiver.received.map(({ json }) => json.data.content[0].text)).toEqual(['x', 'y'])
})

it('an endpoint that fails for days is disabled', async () => {
  const { plane, receiver, webhooks, endpoint, say } = await opened({ eventTypes: ['message'] })
  const id = await plane.room()
  const began = plane.clock.now()
  receiver.answer(() => ({ status: 500 }))
  await say(id, 'x')
  await eventually(async () => (await webhooks.deliveries(endpoint.id)).items[0]?.state === 'waiting')

  await eventually(async () => {
    await say(id, 'more')
    await plane.clock.advance(8 * 3_600_000)
    return !(await webhooks.get(endpoint.id)).is_enabled
  })

  expect((await webhooks.get(endpoint.id)).disabled_reason).toBe('failing')
  expect(plane.clock.now() - began).toBeGreaterThan(5 * 24 * 3_600_000)
})

it('while a secret is replaced both sign, and a day later the new one alone', async () => {
  const { plane, receiver, webhooks, endpoint, secret, say } = await opened({ eventTypes: ['message'] })
  const id = await plane.room()
  const { secret: fresh } = await webhooks.rotateSecret(endpoint.id)
  await say(id, 'x')
  await arrived(receiver, 1)
  const [during] = receiver.received
  const verified = [isSigned(plane, secret, during!), isSigned(plane, fresh, during!)]

  await plane.clock.advance(24 * 3_600_000)
  await say(id, 'y')
  await arrived(receiver, 2)
  const [, after] = receiver.received

  expect(fresh).not.toBe(secret)
  expect(verified).toEqual([true, true])
  expect([isSigned(plane, secret, after!), isSigned(plane, fresh, after!)]).toEqual([false, true])
})

it('events of a thread that was deleted, or moved out of sight, are not sent', async () => {
  const { plane, receiver, webhooks, endpoint, say } = await opened({
    eventTypes: ['message'],
    tenant: { org: 'A', ws: 'X' },
  })
  const [deleted, moved] = [await plane.room(), await plane.room()]
  receiver.answer(() => ({ status: 503 }))
  await say(deleted, 'x')
  await say(moved, 'y')
  await arrived(receiver, 2)
  const states = async () => (await webhooks.deliveries(endpoint.id)).items.map(({ state }) => state)
  await eventually(async () => (await states()).join() === 'waiting,waiting')
  await plane.call('alice', 'DELETE', `/threads/${deleted}`)
  const service = await plane.threads.service()
  const outsider = await service.authenticate({ headers: { authorization: 'Bearer alice' }, auth: {} })
  const everywhere = { ...outsider, tenant: { org: 'A', ws: 'X', secret: 's' } }
  await service.updateThread(everywhere, moved, () => ({ tenant: { secret: 's' } }))

  await plane.clock.advance(6_000)
  await eventually(async () => (await states()).join() === 'dead,dead')

  const { items } = await webhooks.deliveries(endpoint.id)
  expect(items.map(({ last_error }) => last_error)).toEqual([
    'The endpoint does not see the thread any more.',
    'The event does not exist any more.',
  ])
  expect(receiver.received).toHaveLength(2)
})

it('a receiver that hangs holds up no other, however many threads it gets events of', async () => {
  const { plane, receiver, webhooks, say } = await opened({ eventTypes: ['message'] })
  const other = await openReceiver()
  let release = () => {}
  const released = new Promise<{ status: number }>((resolve) => {
    release = () => resolve({ status: 204 })
  })
  receiver.answer(() => released)
  await webhooks.create({ url: other.url, eventTypes: ['message'] })

  for (let n = 0; n < 40; n++) await say(await plane.room(), 'hi')
  await arrived(other, 40)

  expect(receiver.received).toHaveLength(8)
  release()
  await arrived(receiver, 40)
})
