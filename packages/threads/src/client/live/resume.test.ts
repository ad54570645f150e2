// How a thread stays complete, against a server that does only what it is told.
import { eventually, manualTimers } from '@parley/testkit'
import { describe, expect, test } from 'vitest'
import { until, untilLive } from '../client.test.support.js'
import { event, type FakeServer, id, openFakeServer, run, type Wire } from '../fake-server.test.support.js'
import type { LiveThread } from '../types.js'

const seqsOf = (thread: LiveThread) => thread.snapshot().events.map(({ seq }) => seq)
const untilSeqs = (thread: LiveThread, ...seqs: number[]) =>
  until(thread, ({ events }) => events.map(({ seq }) => seq).join() === seqs.join())
const joins = (fake: FakeServer) => fake.asked.filter((name) => name === 'thread:join').length

describe('events', () => {
  // proves: threads.t32
  test('that come twice are there once', async () => {
    const fake = await openFakeServer()
    fake.events = [event(1), event(2)]
    const thread = fake.client().openThread(id)
    await untilLive(thread)

    for (const seq of [2, 3, 3, 1, 4]) fake.push('event', event(seq))

    await untilSeqs(thread, 1, 2, 3, 4)
    expect(fake.asked.filter((one) => one.includes('after_seq'))).toEqual([])
  })

  // proves: threads.t32
  test('that leave a gap wait until it is filled', async () => {
    const fake = await openFakeServer()
    fake.events = [event(1)]
    const thread = fake.client().openThread(id)
    await untilLive(thread)

    fake.events = [1, 2, 3, 4, 5].map((seq) => event(seq))
    fake.push('event', event(5))
    await untilSeqs(thread, 1, 2, 3, 4, 5)
    fake.push('event', event(6))
    await untilSeqs(thread, 1, 2, 3, 4, 5, 6)

    expect(fake.asked.filter((one) => one.includes('after_seq'))).toEqual([
      `GET /threads/${id}/events?limit=500&order=asc&after_seq=1`,
    ])
    expect(joins(fake)).toBe(1)
  })

  test('that nobody has any more do not stop those that follow', async () => {
    const fake = await openFakeServer()
    fake.events = [event(1)]
    const thread = fake.client().openThread(id)
    await untilLive(thread)

    fake.push('event', event(5))
    await untilSeqs(thread, 1, 5)
    fake.routes.set(`GET /threads/${id}/events`, () => ({ body: { items: [{ type: 'message' }] } }))
    fake.push('event', event(8))

    await untilSeqs(thread, 1, 5, 8)
  })

  test('of a truncated replay are taken piece by piece', async () => {
    const fake = await openFakeServer()
    fake.events = [event(1)]
    const since: unknown[] = []
    const all = [1, 2, 3, 4, 5].map((seq) => event(seq))
    fake.acks.set('thread:join', (payload: Wire) => {
      since.push(payload.since)
      const replayed = all.filter(({ seq }) => seq > payload.since.seq)
      return { thread_id: id, replayed: replayed.slice(0, 2), replay_truncated: replayed.length > 2 }
    })

    const thread = fake.client().openThread(id)
    await untilLive(thread)

    expect(since).toEqual([{ seq: 1 }, { seq: 3 }])
    expect(seqsOf(thread)).toEqual([1, 2, 3, 4, 5])
  })

  test('of an empty thread are read again after joining', async () => {
    const fake = await openFakeServer()
    fake.acks.set('thread:join', () => {
      fake.events = [event(1)]
      return { thread_id: id, replayed: [], replay_truncated: false }
    })

    const thread = fake.client().openThread(id)
    await untilLive(thread)

    expect(seqsOf(thread)).toEqual([1])
  })
})

describe('a server before numbers', () => {
  const old = (n: number): Wire => ({ ...event(n), seq: undefined })

  test('is followed by time and id', async () => {
    const fake = await openFakeServer()
    const places: unknown[] = []
    const all = [1, 2, 3].map(old)
    // It knows no order either: the oldest come first.
    fake.routes.set(`GET /threads/${id}/events`, () => ({ body: { items: all.slice(0, 2) } }))
    fake.routes.set(`GET /threads/${id}/runs`, () => ({
      status: 405,
      body: { detail: 'Method Not Allowed' },
    }))
    fake.acks.set('thread:join', ({ since }: Wire) => {
      places.push(since)
      const replayed = all.filter(({ created_at }) => created_at > since.created_at)
      return { thread_id: id, replayed, replay_truncated: false }
    })
    const thread = fake.client().openThread(id)
    await untilLive(thread)
    fake.push('event', old(5))
    fake.push('event', old(4))
    fake.push('event', old(5))
    await until(thread, ({ events }) => events.length === 5)

    fake.line.cut()
    await until(thread, ({ status }) => status === 'reconnecting')
    all.push(old(6))
    fake.line.mend()
    await untilLive(thread)

    const { events, timeline, hasOlder } = thread.snapshot()
    expect(events.map((one) => one.id)).toEqual([1, 2, 3, 4, 5, 6].map((n) => `evt_${n}`))
    expect(timeline.map(({ key }) => key)).toEqual(events.map((one) => one.id))
    expect(hasOlder).toBe(false)
    const placeOf = (n: number) => ({ created_at: old(n).created_at, id: `evt_${n}` })
    expect(places).toEqual([placeOf(2), placeOf(5)])
    await thread.markRead()
    expect(fake.asked.filter((one) => one.endsWith('/read'))).toEqual([])
  })
})

describe('what fails for a while', () => {
  test('is tried again: reading, joining, connecting', async () => {
    const fake = await openFakeServer()
    fake.events = [event(1)]
    let [reads, joined] = [0, 0]
    fake.refusal = 'internal error'
    fake.routes.set(`GET /threads/${id}/members`, () => (++reads < 3 ? { status: 500 } : { body: [] }))
    fake.acks.set('thread:join', () =>
      ++joined < 3
        ? { error: { code: 'internal', message: 'internal error' } }
        : { thread_id: id, replayed: [], replay_truncated: false },
    )
    const parley = fake.client()
    const thread = parley.openThread(id)
    await eventually(() => reads >= 3)
    fake.refusal = undefined

    expect(await untilLive(thread)).toMatchObject({ thread: { id }, events: [{ seq: 1 }] })
    expect(joined).toBe(3)
  })

  test('is a server that is away when a thread is opened', async () => {
    const fake = await openFakeServer()
    fake.events = [event(1)]
    fake.line.cut()
    const parley = fake.client()
    const thread = parley.openThread(id)
    const sent = thread.send('hi', { clientId: 'c' })
    fake.acks.set('message:send', () => ({ event: event(2, { client_id: 'c' }) }))
    await expect(parley.getThread(id)).rejects.toMatchObject({ code: 'network' })
    expect(thread.snapshot()).toMatchObject({ status: 'loading', timeline: [{ kind: 'pending' }] })
    fake.line.mend()

    expect((await sent).id).toBe('evt_2')
    expect(seqsOf(thread)).toEqual([1, 2])
  })

  test('is a token that can not be had, and a server that hangs up', async () => {
    const fake = await openFakeServer()
    let asked = 0
    const token = () => (++asked < 12 ? Promise.reject(new Error('later')) : Promise.resolve('bob'))
    const parley = fake.client({ token })
    const thread = parley.openThread(id)
    await untilLive(thread)

    fake.io.disconnectSockets()
    await until(thread, ({ status }) => status !== 'live')

    await untilLive(thread)
  })

  test('does not hide that the user may not', async () => {
    const fake = await openFakeServer()
    const parley = fake.client()
    const thread = parley.openThread(id)
    await untilLive(thread)
    fake.refusal = 'unauthenticated'

    fake.io.disconnectSockets()

    const { error } = await until(thread, ({ status }) => status === 'refused')
    expect([error?.code, parley.connection()]).toEqual(['unauthenticated', 'refused'])
  })
})

test('a thread that nobody follows any more is left, with nothing going on', async () => {
  const fake = await openFakeServer()
  fake.events = [event(1)]
  const timers = manualTimers()
  const parley = fake.client({}, { timers })
  const thread = parley.openThread(id)
  await untilLive(thread)
  fake.push('typing', { thread_id: id, identity_id: 'u_bob', until: '2026-01-01T00:00:05Z' })
  await until(thread, ({ typing }) => typing.length === 1)

  thread.close()
  await eventually(() => fake.asked.includes('thread:leave'))
  fake.push('event', event(2))
  const again = parley.openThread(id)
  fake.events.push(event(2))
  await untilSeqs(again, 1, 2)

  expect(seqsOf(thread)).toEqual([1])
  thread.typing()
  await untilLive(again)
  expect(fake.asked).not.toContain('typing')
  expect(timers.pending).toBe(0)
})

test('a run that ends unseen is asked for, and forgotten where nobody knows it', async () => {
  const fake = await openFakeServer()
  fake.events = [event(1)]
  fake.runs = [run(), run({ id: 'run_2' })]
  fake.routes.set('GET /runs/run_1', () => ({ body: run({ status: 'completed', completed_at: '2026' }) }))
  const thread = fake.client().openThread(id)
  await untilLive(thread)

  fake.runs = []
  fake.events = [event(1), event(2), event(3)]
  fake.push('event', event(3))

  const { runs } = await until(thread, (snapshot) => snapshot.runs.length === 1)
  expect(runs).toMatchObject([{ id: 'run_1', status: 'completed' }])
})
