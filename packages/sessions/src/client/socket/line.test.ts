import { manualTimers } from '@parley/testkit'
import { expect, test } from 'vitest'
import { pauseAfter, type SocketLike } from '../edge.js'
import { Line } from './line.js'

/** A socket whose server is the test. */
class FakeSocket implements SocketLike {
  readonly readyState = 1
  readonly sent: string[] = []
  readonly url: string
  isClosed = false
  readonly #listeners = new Map<string, (event: { data: unknown; code: number; reason: string }) => void>()

  constructor(url: string) {
    this.url = url
  }

  send(text: string): void {
    this.sent.push(text)
  }

  close(): void {
    this.isClosed = true
  }

  addEventListener(type: string, listener: (event: never) => void): void {
    // The cast: the test gives each listener what its type has.
    this.#listeners.set(type, listener as (event: { data: unknown; code: number; reason: string }) => void)
  }

  happen(type: string, event: { data?: unknown; code?: number; reason?: string } = {}): void {
    this.#listeners.get(type)?.({ data: '', code: 1006, reason: '', ...event })
  }

  greet(): void {
    this.happen('message', { data: '{"type":"connected","connectionId":"1"}' })
  }
}

function openLine(random = () => 0.5) {
  const timers = manualTimers()
  const sockets: FakeSocket[] = []
  const states: string[] = []
  const frames: string[] = []
  const Constructor = class extends FakeSocket {
    constructor(url: string) {
      super(url)
      sockets.push(this)
    }
  }
  const pauses = [1_000, 2_000, 4_000, 8_000, 16_000, 30_000]
  const line = new Line({
    edge: { WebSocket: Constructor, timers, random, pauses },
    address: async () => 'ws://h/ws',
    onFrame: ({ type }) => frames.push(type),
    onState: () => states.push(line.state),
  })
  /** Lets an attempt that has begun reach its socket. */
  const attempted = () => new Promise<void>((resolve) => setImmediate(resolve))
  return { line, timers, sockets, states, frames, attempted }
}

test('is connected once it was greeted, and sends only then', async () => {
  const { line, sockets, states, frames, attempted } = openLine()
  line.open()
  line.open()
  await attempted()

  expect([states, line.send({ action: 'ping' }), sockets.length]).toEqual([['connecting'], false, 1])
  sockets[0]?.greet()
  expect([states, line.send({ action: 'ping' })]).toEqual([['connecting', 'connected'], true])
  expect([sockets[0]?.sent, frames]).toEqual([['{"action":"ping"}'], ['connected']])
})

test('comes back after 1, 2, 4, 8, 16 and then every 30 seconds; a greeting starts anew', async () => {
  const { line, timers, sockets, states, attempted } = openLine()
  line.open()
  await attempted()
  for (const seconds of [1, 2, 4, 8, 16, 30, 30, 30]) {
    const before = sockets.length
    sockets.at(-1)?.happen('close')
    timers.advance(seconds * 1_000 - 1)
    await attempted()
    expect(sockets).toHaveLength(before)
    timers.advance(1)
    await attempted()
    expect(sockets).toHaveLength(before + 1)
  }
  expect(states).toEqual(['connecting', 'reconnecting'])

  sockets.at(-1)?.greet()
  sockets.at(-1)?.happen('close')
  const before = sockets.length
  timers.advance(1_000)
  await attempted()
  expect(sockets).toHaveLength(before + 1)
})

test('pauses are spread by a fifth', () => {
  const pauses = [1_000]
  expect(pauseAfter(0, { pauses, random: () => 0 })).toBe(800)
  expect(pauseAfter(9, { pauses, random: () => 1 })).toBeCloseTo(1_200)
})

test('gives up a socket that is never greeted, and one that falls silent', async () => {
  const { line, timers, sockets, attempted } = openLine()
  line.open()
  await attempted()
  timers.advance(15_000)
  expect([sockets[0]?.isClosed, line.state]).toEqual([true, 'reconnecting'])

  timers.advance(1_000)
  await attempted()
  sockets[1]?.greet()
  for (const _ of [1, 2, 3]) {
    timers.advance(20_000)
    sockets[1]?.happen('message', { data: '{"type":"pong"}' })
  }
  expect([line.state, sockets[1]?.sent]).toEqual(['connected', Array(3).fill('{"action":"ping"}')])

  timers.advance(60_000)
  expect([sockets[1]?.isClosed, line.state]).toEqual([true, 'reconnecting'])
  line.close()
  expect(timers.pending).toBe(0)
})

test.each([
  [4401, 'unauthenticated'],
  [4403, 'forbidden'],
  [1008, 'unauthenticated'],
])('a close with %i is not tried again', async (code, name) => {
  const { line, timers, sockets, attempted } = openLine()
  line.open()
  await attempted()
  sockets[0]?.happen('close', { code, reason: 'why' })

  expect(line).toMatchObject({ state: 'disconnected', error: { code: name, detail: 'why' } })
  expect(timers.pending).toBe(0)
})

test('a credential that ends is asked for anew', async () => {
  const { line, timers, sockets, attempted } = openLine()
  line.open()
  await attempted()
  sockets[0]?.greet()
  sockets[0]?.happen('close', { code: 1008 })
  timers.advance(1_000)
  await attempted()

  expect([line.state, sockets.length]).toEqual(['reconnecting', 2])
})

test('what a socket that was given up still says is nobody’s', async () => {
  const { line, timers, sockets, frames, attempted } = openLine()
  line.open()
  await attempted()
  sockets[0]?.happen('close')
  sockets[0]?.greet()
  sockets[0]?.happen('close')
  timers.advance(1_000)
  await attempted()

  expect([frames, sockets.length, line.state]).toEqual([[], 2, 'reconnecting'])
  sockets[1]?.happen('error')
  for (const data of ['no json', '{"type":"moon"}', 7]) sockets[1]?.happen('message', { data })
  expect(frames).toEqual([])
})

test('closed and opened again before it has an address, it has one socket', async () => {
  const { line, sockets, attempted } = openLine()
  line.open()
  line.close()
  line.open()
  await attempted()
  expect(sockets).toHaveLength(1)

  line.close()
  line.open()
  line.close()
  await attempted()
  expect([sockets.length, sockets[0]?.isClosed, line.state]).toEqual([1, true, 'disconnected'])
})

test('without a WebSocket there is none', async () => {
  const line = new Line({
    edge: { WebSocket: undefined, timers: manualTimers(), random: () => 0, pauses: [1] },
    address: async () => 'ws://h/ws',
    onFrame: () => {},
    onState: () => {},
  })
  line.open()
  await new Promise<void>((resolve) => setImmediate(resolve))
  expect(line).toMatchObject({ state: 'disconnected', error: { code: 'offline' } })
})
