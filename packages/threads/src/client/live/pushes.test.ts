// What a server pushes beside the log, said by a server that does only what it is told.
import { eventually, manualTimers } from '@parley/testkit'
import { describe, expect, test } from 'vitest'
import { people } from '../../plane.test.support.js'
import { until, untilLive, wordsOf } from '../client.test.support.js'
import { event, id, openFakeServer, run } from '../fake-server.test.support.js'

const start = (eventId: string, more: object = {}) => ({
  event_id: eventId,
  thread_id: id,
  run_id: 'run_1',
  target_type: 'message',
  author: run().assistant,
  ...more,
})
const delta = (eventId: string, text: string, offset?: number) => ({
  event_id: eventId,
  thread_id: id,
  text,
  offset,
})
const end = (eventId: string, error: object | null = null) => ({ event_id: eventId, thread_id: id, error })

async function openThread() {
  const fake = await openFakeServer()
  fake.events = [event(1)]
  const timers = manualTimers()
  const thread = fake.client({}, { timers }).openThread(id)
  await untilLive(thread)
  const says = (...words: string[]) => until(thread, (snapshot) => wordsOf(snapshot).join() === words.join())
  return { fake, thread, timers, says }
}

describe('text that an assistant writes', () => {
  test('grows at the end, and becomes the event under the same key', async () => {
    const { fake, says } = await openThread()

    fake.push('stream:start', start('evt_2'))
    fake.push('stream:delta', delta('evt_2', 'Hel', 0))
    fake.push('stream:delta', delta('evt_2', 'lo', 3))
    const writing = await says('1', 'Hello')
    fake.push('stream:end', end('evt_2'))
    fake.push('event', event(2, { run_id: 'run_1' }))
    const written = await says('1', '2')

    expect(writing.timeline[1]).toMatchObject({ kind: 'streaming', target: 'message', runId: 'run_1' })
    expect(written.timeline[1]).toMatchObject({ kind: 'message', key: writing.timeline[1]!.key })
    expect(written.timeline[0]).toBe(writing.timeline[0])
  })

  test('is cut where a delta begins, and waits for all of it after a gap', async () => {
    const { fake, thread, says } = await openThread()

    fake.push('stream:start', start('evt_2'))
    fake.push('stream:delta', delta('evt_2', 'Hello', 0))
    fake.push('stream:delta', delta('evt_2', 'p', 3))
    await says('1', 'Help')
    fake.push('stream:delta', delta('evt_2', 'lost', 9))
    fake.push('read:updated', { thread_id: id, identity_id: 'u_bob', seq: 1 })
    expect(wordsOf(await until(thread, ({ reads }) => reads.u_bob === 1))).toEqual(['1', 'Help'])
    fake.push('stream:delta', delta('evt_2', 'Help is here', 0))
    await says('1', 'Help is here')
    fake.push('stream:delta', delta('evt_2', '!'))

    await says('1', 'Help is here!')
  })

  test('is forgotten when it fails, when its run ends, and when it is already there', async () => {
    const { fake, says } = await openThread()

    fake.push('stream:start', start('evt_1'))
    for (const name of ['evt_a', 'evt_b', 'evt_c']) {
      fake.push('stream:start', start(name, { run_id: `run_${name}` }))
      fake.push('stream:delta', delta(name, name, 0))
    }
    await says('1', 'evt_a', 'evt_b', 'evt_c')
    fake.push('stream:end', end('evt_a', { code: 'handler_error', message: 'boom' }))
    await says('1', 'evt_b', 'evt_c')
    fake.push('run:updated', run({ id: 'run_evt_b', status: 'cancelled' }))
    await says('1', 'evt_c')
    fake.push(
      'event',
      event(2, { type: 'run.failed', run_id: 'run_evt_c', error: { code: 'x', message: 'y' } }),
    )

    await says('1')
  })

  test('of before a lost connection stays only where the server goes on', async () => {
    const { fake, thread, says } = await openThread()
    fake.runs = [run()]
    fake.push('run:updated', run())
    fake.push('run:updated', run({ id: 'run_2' }))
    for (const [name, runId] of [
      ['evt_a', 'run_1'],
      ['evt_b', 'run_2'],
    ] as const) {
      fake.push('stream:start', start(name, { run_id: runId }))
      fake.push('stream:delta', delta(name, name, 0))
    }
    await says('1', 'evt_a', 'evt_b')
    fake.routes.set('GET /runs/run_2', () => ({ body: run({ id: 'run_2', status: 'failed' }) }))

    fake.line.cut()
    await until(thread, ({ status }) => status === 'reconnecting')
    fake.line.mend()
    await untilLive(thread)
    const { runs } = await says('1', 'evt_a')

    expect(runs.map(({ id: one, status }) => `${one} ${status}`)).toEqual(['run_2 failed', 'run_1 running'])
  })
})

describe('people', () => {
  test('who are there are known, until the connection is lost', async () => {
    const { fake, thread } = await openThread()

    fake.push('presence:updated', { thread_id: id, online: ['u_alice', 'u_bob'] })
    await until(thread, ({ online }) => online.join() === 'u_alice,u_bob')
    fake.line.cut()

    expect((await until(thread, ({ status }) => status === 'reconnecting')).online).toEqual([])
  })

  test('who type are forgotten in time, and when they have said it', async () => {
    const { fake, thread, timers } = await openThread()
    const typing = (identity_id: string, ms: number) =>
      fake.push('typing', { thread_id: id, identity_id, until: new Date(timers.now() + ms).toISOString() })

    typing('u_alice', 5_000)
    typing('u_bob', 9_000)
    typing('u_odd', 999_999_999)
    await until(thread, (snapshot) => snapshot.typing.length === 3)
    timers.advance(4_999)
    expect(thread.snapshot().typing).toEqual(['u_alice', 'u_bob', 'u_odd'])
    timers.advance(1)
    expect(thread.snapshot().typing).toEqual(['u_bob', 'u_odd'])
    fake.push('event', event(2, { author: people.bob }))
    await until(thread, (snapshot) => snapshot.typing.join() === 'u_odd')
    timers.advance(1_001)

    expect(thread.snapshot().typing).toEqual([])
  })

  test('are told of the typing of this one at most every three seconds', async () => {
    const { fake, thread, timers } = await openThread()
    const told = () => fake.asked.filter((name) => name === 'typing').length

    for (let n = 0; n < 5; n++) thread.typing()
    timers.advance(2_999)
    thread.typing()
    await eventually(() => told() === 1)
    timers.advance(1)
    thread.typing()

    await eventually(() => told() === 2)
  })

  test('have read as far as they say, and never less', async () => {
    const { fake, thread } = await openThread()
    const read = (identity_id: string, seq: number) =>
      fake.push('read:updated', { thread_id: id, identity_id, seq })

    read('u_alice', 3)
    read('u_alice', 2)
    read('__proto__', 1)
    read('u_bob', 1)

    const { reads } = await until(thread, (snapshot) => snapshot.reads.u_bob === 1)
    expect(reads.u_alice).toBe(3)
    expect(Object.keys(reads)).toContain('__proto__')
  })
})

test('members are asked for when they change, and say how far they have read', async () => {
  const { fake, thread } = await openThread()
  const member = { thread_id: id, identity_id: 'u_bob', identity: people.bob, role: 'member', read_seq: 4 }
  fake.members = [{ ...member, added_at: '2026', added_by: people.bob }]

  fake.push('members:updated', { thread_id: id, members: [people.bob] })

  const { members, reads } = await until(thread, (snapshot) => snapshot.members.length === 1)
  expect([members[0]!.role, reads]).toEqual(['member', { u_bob: 4 }])
})

test('a thread and a run are shown as they were last, also when an older word comes late', async () => {
  const { fake, thread } = await openThread()
  const { thread: before } = thread.snapshot()
  const later = (seconds: number, title: string) => ({
    ...before,
    metadata: { title },
    updated_at: new Date(Date.UTC(2026, 0, 2) + seconds * 1000).toISOString(),
  })

  fake.push('thread:updated', later(2, 'new'))
  fake.push('thread:updated', later(1, 'old'))
  fake.push('run:updated', run({ status: 'completed', completed_at: '2026' }))
  fake.push('run:updated', run({ status: 'running' }))
  fake.push('run:updated', run({ id: 'run_2', started_at: '2027' }))

  const snapshot = await until(thread, ({ runs }) => runs.length === 2)
  expect(snapshot.thread?.metadata).toEqual({ title: 'new' })
  expect(snapshot.runs.map(({ status }) => status)).toEqual(['running', 'completed'])
})

test('what nobody can read is dropped, and so is what is about another thread', async () => {
  const { fake, thread } = await openThread()
  const before = thread.snapshot()

  for (const payload of [null, 1, 'x', [], {}, { thread_id: id }, { id }, { thread_id: 'th_2' }])
    for (const name of [
      'event',
      'run:updated',
      'typing',
      'stream:delta',
      'thread:updated',
      'toString',
      'nope',
    ])
      fake.push(name, payload)
  fake.push('event', event(1, { thread_id: 'th_2', id: 'evt_x' }))
  fake.push('read:updated', { thread_id: id, identity_id: 'u_bob', seq: 1 })
  await until(thread, ({ reads }) => reads.u_bob === 1)

  expect(thread.snapshot()).toEqual({ ...before, reads: { u_bob: 1 } })
})
