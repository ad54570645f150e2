import { eventually } from '@parley/testkit'
import { describe, expect, test } from 'vitest'
import { people } from '../../plane.test.support.js'
import { text } from '../../protocol/index.js'
import { until, untilLive, wordsOf } from '../client.test.support.js'
import { event, type FakeServer, id, openFakeServer, type Wire } from '../fake-server.test.support.js'
import type { MessageItem, PendingItem } from '../types.js'

async function openThread() {
  const fake = await openFakeServer()
  fake.events = [event(1)]
  const thread = fake.client().openThread(id)
  await untilLive(thread)
  return { fake, thread }
}

const stored = (fake: FakeServer, { draft }: Wire): Wire => {
  const { client_id, content } = draft
  const known = fake.events.find((one) => one.client_id === client_id)
  if (known) return known
  const made = event(fake.events.length + 1, { client_id, content })
  fake.events.push(made)
  return made
}

const pendingOf = (timeline: readonly { kind: string }[]) =>
  timeline.filter((item): item is PendingItem => item.kind === 'pending')

describe('a message', () => {
  test('without an answer is sent again as the same one', async () => {
    const { fake, thread } = await openThread()
    const ids: string[] = []
    fake.acks.set('message:send', (payload: Wire, socket) => {
      ids.push(payload.draft.client_id)
      const made = stored(fake, payload)
      if (ids.length > 1) return { event: made }
      socket.conn.close()
      return undefined
    })

    const sent = await thread.send('hi', { clientId: 'c_1', recipients: ['u_bob'], metadata: { a: 1 } })
    const snapshot = await until(thread, ({ events }) => events.length === 2)

    expect(sent.id).toBe('evt_2')
    expect(wordsOf(snapshot)).toEqual(['1', 'hi'])
    expect(snapshot.timeline[1]).toMatchObject({ kind: 'message', key: 'c_1' })
    expect(new Set(ids)).toEqual(new Set(['c_1']))
  })

  test('whose push comes before its answer, or long after it, is shown once', async () => {
    const { fake, thread } = await openThread()
    fake.acks.set('message:send', (payload: Wire) => {
      const made = stored(fake, payload)
      if (made.client_id === 'early') fake.push('event', made)
      if (made.client_id === 'late') fake.events.push(event(4))
      return { event: made }
    })

    await thread.send('early', { clientId: 'early' })
    fake.events.push(event(3))
    await thread.send('late', { clientId: 'late' })
    const waiting = thread.snapshot()
    fake.push('event', fake.events[2])
    fake.push('event', fake.events[3])
    const last = await until(thread, ({ events }) => events.length === 4)

    expect(wordsOf(waiting)).toEqual(['1', 'early', 'late'])
    expect(wordsOf(last)).toEqual(['1', 'early', '3', 'late'])
    expect(last.timeline.map(({ key }) => key)).toEqual(['evt_1', 'early', 'evt_3', 'late'])
  })

  test('that is refused stays with the reason, until it is sent again or discarded', async () => {
    const { fake, thread } = await openThread()
    const refused = { error: { code: 'payload_too_large', message: 'too much' } }
    fake.acks.set('message:send', () => refused)

    await expect(thread.send('big', { clientId: 'big' })).rejects.toMatchObject({ code: 'payload_too_large' })
    void thread.send('other', { clientId: 'other' })
    const failed = await until(thread, ({ timeline }) => pendingOf(timeline).every(({ error }) => error))
    fake.acks.set('message:send', (payload) => ({ event: stored(fake, payload) }))
    const again = thread.retry('big')
    thread.discard('other')

    expect(pendingOf(failed.timeline).map(({ error }) => error?.message)).toEqual(['too much', 'too much'])
    expect((await again).id).toBe('evt_2')
    const { timeline } = await until(thread, ({ events }) => events.length === 2)
    expect(pendingOf(timeline)).toEqual([])
    await expect(thread.retry('other')).rejects.toMatchObject({ code: 'not_found' })
  })

  test('that waits can be discarded, and waits no longer than its thread is followed', async () => {
    const { fake, thread } = await openThread()
    fake.line.cut()
    await until(thread, ({ status }) => status === 'reconnecting')
    const [one, two] = [thread.send('one', { clientId: 'one' }), thread.send('two')]

    thread.discard('one')
    await expect(one).rejects.toMatchObject({ code: 'closed' })
    thread.close()

    await expect(two).rejects.toMatchObject({ code: 'closed' })
  })

  test('is one, however often it is sent with the same client id', async () => {
    const { fake, thread } = await openThread()
    fake.line.cut()
    await until(thread, ({ status }) => status === 'reconnecting')

    const sent = [
      thread.send('hi', { clientId: 'c' }),
      thread.send('hi', { clientId: 'c' }),
      thread.retry('c'),
    ]
    fake.acks.set('message:send', (payload) => ({ event: stored(fake, payload) }))
    fake.line.mend()

    expect((await Promise.all(sent)).map((one) => one.id)).toEqual(['evt_2', 'evt_2', 'evt_2'])
    expect(fake.asked.filter((name) => name === 'message:send')).toHaveLength(1)
  })
})

describe('a form', () => {
  const form = { type: 'form', form_id: 'f', schema: { type: 'object' }, status: 'pending' }

  test('is answered by a message, which is shown where was asked', async () => {
    const { fake, thread } = await openThread()
    fake.acks.set('message:send', (payload) => {
      const made = stored(fake, payload)
      fake.push('event', made)
      return { event: made }
    })
    fake.events.push(event(2, { content: [text('Name?'), form] }))
    fake.push('event', fake.events[1])
    const { timeline } = await until(thread, ({ events }) => events.length === 2)
    const item = timeline[1] as MessageItem

    const answer = await thread.answerForm(item, 'f', { name: 'Ada' })
    const last = await until(thread, ({ events }) => events.length === 3)

    expect(answer.content).toEqual([
      { ...form, status: 'submitted', values: { name: 'Ada' }, answers_event_id: 'evt_2' },
    ])
    expect(last.timeline).toHaveLength(2)
    expect((last.timeline[1] as MessageItem).answers.f?.id).toBe(answer.id)
    await expect(thread.answerForm(item, 'g', {})).rejects.toMatchObject({ code: 'invalid_request' })
  })
})

test('actions that are no messages go to the routes', async () => {
  const { fake, thread } = await openThread()
  fake.routes.set(`DELETE /threads/${id}/events/evt_1`, () => ({ status: 204 }))
  fake.routes.set(`PATCH /threads/${id}/events/evt_1`, () => ({ body: event(2) }))
  fake.routes.set('DELETE /runs/run_1', () => ({ status: 204 }))
  for (const verb of ['approve', 'reject'])
    fake.routes.set(`POST /threads/${id}/tool-calls/call_1/${verb}`, () => ({ body: {} }))
  const before = fake.asked.length

  await thread.edit('evt_1', [text('new')])
  await thread.remove('evt_1')
  await thread.approve('call_1')
  await thread.reject('call_1', 'no')
  await thread.cancelRun('run_1')

  expect(fake.asked.slice(before)).toEqual([
    `PATCH /threads/${id}/events/evt_1`,
    `DELETE /threads/${id}/events/evt_1`,
    `POST /threads/${id}/tool-calls/call_1/approve`,
    `POST /threads/${id}/tool-calls/call_1/reject`,
    'DELETE /runs/run_1',
  ])
})

test('marks of reading go one at a time, only the newest of those that wait, and never back', async () => {
  const { fake, thread } = await openThread()
  const marks: number[] = []
  fake.routes.set(`POST /threads/${id}/read`, ({ seq }) => {
    marks.push(seq)
    return { body: { thread_id: id, identity_id: people.bob!.id, seq } }
  })

  await Promise.all([1, 2, 5, 3].map((seq) => thread.markRead(seq)))
  await thread.markRead(4)
  await thread.markRead()
  expect(marks).toEqual([1, 5])
  fake.routes.set(`POST /threads/${id}/read`, () => ({ status: 403, body: {} }))
  await expect(thread.markRead(6)).rejects.toMatchObject({ code: 'forbidden' })
  fake.routes.delete(`POST /threads/${id}/read`)

  await eventually(() => expect(thread.markRead(6)).rejects.toMatchObject({ code: 'not_found' }))
})
