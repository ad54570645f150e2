import { createOutbox } from '@parley/kernel/delivery'
import { eventually } from '@parley/testkit'
import { expect, it } from 'vitest'
import { openPlane } from '../../plane.test.support.js'
import { text } from '../../protocol/index.js'
import { openReceiver } from './receiver.test.support.js'
import type { NewWebhook } from './types.js'

async function opened(wanted: Partial<NewWebhook> = {}) {
  const plane = await openPlane({ webhooks: { allowPrivateAddresses: true } })
  const receiver = await openReceiver()
  const webhooks = await plane.threads.webhooks()
  const { endpoint } = await webhooks.create({ url: receiver.url, eventTypes: ['message'], ...wanted })
  const say = async (id: string, ...words: string[]) => {
    for (const word of words)
      await plane.call('alice', 'POST', `/threads/${id}/messages`, { content: [text(word)] })
  }
  const words = () => receiver.received.map(({ json }) => json.data.content[0].text)
  return { ...plane, receiver, webhooks, endpoint, say, words }
}

it('deliveries are listed newest first, page by page, by state', async () => {
  const { webhooks, endpoint, receiver, room, say } = await opened()
  receiver.answer(({ json }) => ({ status: json.data.content[0].text === 'bad' ? 400 : 200 }))
  const id = await room()
  await say(id, 'a', 'bad', 'c')
  await eventually(async () => (await webhooks.deliveries(endpoint.id, { state: 'sent' })).items.length === 2)

  const first = await webhooks.deliveries(endpoint.id, { limit: 2 })
  const rest = await webhooks.deliveries(endpoint.id, { limit: 2, before: first.next_before! })
  const dead = await webhooks.deliveries(endpoint.id, { state: 'dead' })

  expect(first.items.map(({ state }) => state)).toEqual(['sent', 'dead'])
  expect([rest.items.map(({ state }) => state), rest.next_before]).toEqual([['sent'], null])
  expect(dead.items.map(({ last_status }) => last_status)).toEqual([400])
  expect(dead.items[0]).toMatchObject({
    endpoint_id: endpoint.id,
    thread_id: id,
    next_at: null,
    sent_at: null,
  })
  for (const listing of [{ limit: 0 }, { limit: 501 }, { before: 0.5 }, { state: 'lost' as 'sent' }])
    await expect(webhooks.deliveries(endpoint.id, listing)).rejects.toMatchObject({
      code: 'threads.invalid_request',
    })
})

it('a discarded delivery is forgotten, and what waited behind it is sent', async () => {
  const { webhooks, endpoint, receiver, room, say, words } = await opened()
  receiver.answer(({ json }) => ({ status: json.data.content[0].text === 'stuck' ? 503 : 200 }))
  const id = await room()
  await say(id, 'stuck', 'next')
  await eventually(async () => (await webhooks.deliveries(endpoint.id)).items[1]?.last_status === 503)
  const stuck = (await webhooks.deliveries(endpoint.id)).items[1]!

  await webhooks.discard(stuck.id)
  await say(id, 'last')
  await eventually(() => words().includes('last'))

  expect(words()).toEqual(['stuck', 'next', 'last'])
  for (const gone of [
    () => webhooks.delivery(stuck.id),
    () => webhooks.retry(stuck.id),
    () => webhooks.discard('x\0'),
  ])
    await expect(gone()).rejects.toMatchObject({ code: 'threads.delivery_not_found' })
})

it('a delivery of another queue is none of ours', async () => {
  const { webhooks, ground } = await opened()
  const outbox = createOutbox(ground)
  const draft = { queue: 'mail', lane: 'x', dedupe: 'k', payload: '' }
  await ground.log.commit({ ops: outbox.enqueueOps(draft), appends: [] })
  const [foreign] = await outbox.list({ queue: 'mail' })

  await expect(webhooks.delivery(foreign!.id)).rejects.toMatchObject({ code: 'threads.delivery_not_found' })
  await expect(webhooks.discard(foreign!.id)).rejects.toMatchObject({ code: 'threads.delivery_not_found' })
})

it('events after a number are sent again, as new deliveries with the same bytes', async () => {
  const { webhooks, endpoint, receiver, room, say, words } = await opened()
  const id = await room()
  await say(id, 'a', 'b', 'c')
  await eventually(() => words().length === 3)
  const [, afterA] = receiver.received.map(({ json }) => json.data.seq)

  const answer = await webhooks.replay(endpoint.id, { threadId: id, afterSeq: afterA - 1 })
  await eventually(() => words().length === 5)
  await webhooks.replay(endpoint.id, { threadId: id, afterSeq: afterA })
  await eventually(() => words().length === 6)

  expect(answer).toEqual({ enqueued: 2, next_after_seq: null })
  expect(words()).toEqual(['a', 'b', 'c', 'b', 'c', 'c'])
  const [, b, , again] = receiver.received
  expect(again!.body).toBe(b!.body)
  expect(again!.headers['webhook-id']).not.toBe(b!.headers['webhook-id'])
  expect((await webhooks.deliveries(endpoint.id)).items.map(({ is_replay }) => is_replay)).toEqual([
    true,
    true,
    true,
    false,
    false,
    false,
  ])
})

it('a replay goes on where its limit ended it', async () => {
  const { webhooks, endpoint, room, say, words } = await opened()
  const id = await room()
  await say(id, 'a', 'b', 'c')
  await eventually(() => words().length === 3)

  const enqueued: number[] = []
  for (let afterSeq: number | null = 0; afterSeq !== null; ) {
    const answer: { enqueued: number; next_after_seq: number | null } = await webhooks.replay(endpoint.id, {
      threadId: id,
      afterSeq,
      limit: 2,
    })
    enqueued.push(answer.enqueued)
    afterSeq = answer.next_after_seq
  }
  await eventually(() => words().length === 6)

  // Two events come before the first message: the thread's creation and its first member.
  expect(enqueued).toEqual([0, 2, 1])
  expect(words()).toEqual(['a', 'b', 'c', 'a', 'b', 'c'])
})

it('nothing is replayed of a thread that the endpoint does not see, nor while it is disabled', async () => {
  const { webhooks, endpoint, room } = await opened({ tenant: { org: 'B' } })
  const [hidden, open] = [await room(), await room({ tenant: {} })]

  for (const threadId of [hidden, 'th_none'])
    await expect(webhooks.replay(endpoint.id, { threadId })).rejects.toMatchObject({
      code: 'threads.thread_not_found',
    })
  await webhooks.update(endpoint.id, { isEnabled: false })
  await expect(webhooks.replay(endpoint.id, { threadId: open })).rejects.toMatchObject({
    code: 'threads.conflict',
  })
  await expect(webhooks.replay(endpoint.id, { threadId: open, afterSeq: -1 })).rejects.toMatchObject({
    code: 'threads.invalid_request',
  })
})

it('what left a week ago is forgotten', async () => {
  const { webhooks, endpoint, room, say, clock, words } = await opened()
  const list = async () => (await webhooks.deliveries(endpoint.id)).items
  const id = await room()
  await say(id, 'old')
  await eventually(async () => (await list())[0]?.state === 'sent')
  await clock.advance(6 * 24 * 3_600_000)
  await say(id, 'new')
  await eventually(async () => words().length === 2 && (await list())[0]?.state === 'sent')
  expect(await list()).toHaveLength(2)

  await clock.advance(24 * 3_600_000)
  await eventually(async () => {
    await clock.advance(3_600_000)
    return (await list()).length === 1
  })

  expect((await list())[0]?.state).toBe('sent')
})
