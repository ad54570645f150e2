import { eventually } from '@parley/testkit'
import { describe, expect, test } from 'vitest'
import { anEvent, events, openFakeServer } from '../fake-server.test.support.js'
import { createWsMessageDedupeState, rememberWsMessage } from './dedupe.js'
import type { EventFrame } from './frames.js'
import { Subscriptions } from './subscriptions.js'

const seqs = (frames: readonly EventFrame[]) => frames.map(({ seq }) => seq)

test('a channel is followed after the greeting: what is kept, then what comes, each once', async () => {
  const fake = await openFakeServer()
  fake.add('s')
  fake.emit('s', events.prompt('a'), events.chunk('b'))
  const socket = fake.client().connect()
  const got: EventFrame[] = []
  let subscribed = 0
  socket.subscribe('session:s', { onEvent: (frame) => got.push(frame), onSubscribed: () => subscribed++ })

  await eventually(() => subscribed === 1)
  fake.emit('s', events.chunk('c'))
  await eventually(() => got.length === 3)

  expect(seqs(got)).toEqual([1, 2, 3])
  expect(fake.actions).toEqual([{ action: 'subscribe', channel: 'session:s' }])
})

// proves: sessions.s38
test('after a lost connection it goes on after the newest number', async () => {
  const fake = await openFakeServer()
  fake.add('s')
  fake.emit('s', events.chunk('a'))
  const socket = fake.client().connect()
  const states: string[] = []
  socket.onState(() => states.push(socket.state()))
  const got: EventFrame[] = []
  socket.subscribe('session:s', (frame) => got.push(frame))
  await eventually(() => got.length === 1)

  fake.cut()
  await eventually(() => socket.state() === 'reconnecting')
  fake.emit('s', events.chunk('b'), events.chunk('c'))
  fake.mend()
  await eventually(() => got.length === 3)

  expect(seqs(got)).toEqual([1, 2, 3])
  expect(fake.actions.at(-1)).toEqual({ action: 'subscribe', channel: 'session:s', since: 1 })
  expect(states).toEqual(['connected', 'reconnecting', 'connected'])
})

test('followers of overlapping channels each have everything, and an event that comes again is dropped', async () => {
  const fake = await openFakeServer()
  fake.add('s')
  const client = fake.client()
  const socket = client.connect()
  const other = client.connect()
  const got = { all: [] as EventFrame[], one: [] as EventFrame[], queue: [] as EventFrame[] }
  let ready = 0
  const onSubscribed = () => ready++
  socket.subscribe('agents', { onEvent: (frame) => got.all.push(frame), onSubscribed })
  socket.subscribe('session:s', { onEvent: (frame) => got.one.push(frame), onSubscribed })
  other.subscribe('session:s:queue', { onEvent: (frame) => got.queue.push(frame), onSubscribed })
  await eventually(() => ready === 3)

  fake.emit('s', anEvent('queue.paused'), events.chunk('x'))
  await eventually(() => got.all.length === 2)
  let again: EventFrame[] = []
  socket.subscribe('session:s', { onEvent: (frame) => again.push(frame), onSubscribed })
  await eventually(() => ready === 4)

  expect([seqs(got.all), seqs(got.one), seqs(got.queue), seqs(again)]).toEqual([[1, 2], [1, 2], [1], [1, 2]])
  expect(fake.lines.size).toBe(1)
  again = []
  fake.say({
    type: 'event',
    channel: 'session:s',
    sessionId: 's',
    agentId: 's',
    seq: 2,
    event: events.chunk('x'),
  })
  fake.emit('s', events.chunk('y'))
  await eventually(() => got.one.length === 3)
  expect(seqs(again)).toEqual([3])
})

test('live events that hosts send during a replay wait for it, in their order', () => {
  const got: number[] = []
  let truncated: boolean | undefined
  const subscriptions = new Subscriptions(() => true)
  const handler = {
    onEvent: ({ seq }: EventFrame) => got.push(seq),
    onSubscribed: (about: { truncated: boolean }) => {
      truncated = about.truncated
    },
  }
  subscriptions.add('session:s', handler, 2)
  const frame = (seq: number) =>
    ({
      type: 'event',
      channel: 'session:s',
      sessionId: 's',
      agentId: 's',
      seq,
      event: anEvent('rpc'),
    }) as const

  for (const seq of [2, 3, 9, 4, 9, 10]) subscriptions.take(frame(seq))
  expect(got).toEqual([])
  subscriptions.take({ type: 'subscribed', channel: 'session:s', truncated: true })
  for (const seq of [0, 10, 11]) subscriptions.take(frame(seq))

  expect([got, truncated]).toEqual([[3, 4, 9, 10, 0, 11], true])
})

describe('a follower', () => {
  test('learns that sessions begin and end', async () => {
    const fake = await openFakeServer()
    const socket = fake.client().connect()
    const told: string[] = []
    let isReady = false
    socket.subscribe('agents', {
      onEvent: () => {},
      onSubscribed: () => {
        isReady = true
      },
      onLifecycle: ({ type, sessionId }) => told.push(`${type} ${sessionId}`),
    })
    await eventually(() => isReady)

    fake.lifecycle('session.created', 'a')
    fake.lifecycle('session.terminated', 'a')

    await eventually(() => told.length === 2)
    expect(told).toEqual(['session.created a', 'session.terminated a'])
  })

  test('learns that its channel is refused, and of other errors', async () => {
    const fake = await openFakeServer()
    fake.behaviour.refused.set('session:x', 'Session "x" not found')
    const socket = fake.client().connect()
    const told: string[] = []
    socket.onError((message) => told.push(message))
    socket.subscribe('session:x', { onEvent: () => {}, onRefused: (message) => told.push(message) })
    await eventually(() => told.length === 1)

    fake.say({ type: 'error', message: 'Invalid message' })
    await eventually(() => told.length === 2)
    expect(told).toEqual(['Session "x" not found', 'Invalid message'])
  })

  test('that leaves is told nothing more; the last one unsubscribes, and closes the connection', async () => {
    const fake = await openFakeServer()
    fake.add('s')
    const client = fake.client()
    const [first, second] = [client.connect(), client.connect()]
    const got: number[] = []
    const stop = first.subscribe('session:s', ({ seq }) => got.push(seq))
    first.subscribe('session:s:fs', () => {})
    second.subscribe('session:s', ({ seq }) => got.push(seq * 10))
    await eventually(() => fake.actions.length === 2)

    stop()
    first.close()
    expect(() => first.subscribe('agents', () => {})).toThrow('closed')
    expect([first.send({ action: 'ping' }), first.state()]).toEqual([false, 'disconnected'])
    fake.emit('s', events.chunk('x'))
    await eventually(() => got.length === 1)
    expect(got).toEqual([10])
    await eventually(() => fake.actions.length === 3)
    expect(fake.actions.at(-1)).toEqual({ action: 'unsubscribe', channel: 'session:s:fs' })

    second.close()
    await eventually(() => fake.lines.size === 0)
  })
})

describe('the address', () => {
  test('is beside the routes, with the token', async () => {
    const fake = await openFakeServer()
    const socket = fake.client({ token: 'secret' }).connect()
    await eventually(() => socket.state() === 'connected')

    expect(socket.url).toBe(`ws://127.0.0.1:${fake.port}/ws`)
    expect([...fake.lines].map(({ url }) => url)).toEqual(['/ws?token=secret'])
  })

  test('may be another one, which is told no token', async () => {
    const [fake, other] = [await openFakeServer(), await openFakeServer()]
    const socket = fake.client({ token: 'secret' }).connect(`ws://127.0.0.1:${other.port}/x?a=1`)
    await eventually(() => socket.state() === 'connected')

    expect([...other.lines].map(({ url }) => url)).toEqual(['/x?a=1'])
  })
})

test('frames are remembered by their bytes, the oldest are forgotten', () => {
  const state = createWsMessageDedupeState(2)
  const answers = ['a', 'a', 'b', 'c', 'a', { a: 1 }, '{"a":1}'].map((one) => rememberWsMessage(state, one))
  expect(answers).toEqual([true, false, true, true, true, true, false])
  expect(state.seen.size).toBe(2)
})
