import { eventually, fakeClock, settle } from '@parley/testkit'
import { expect, test } from 'vitest'
import type { HostResponse } from '../../protocol/index.js'
import { anEvent, testSpool } from '../spool/spool.test.support.js'
import { createBackOff } from './back-off.js'
import { echo, type FakeSocket, fakeDial, testLink, welcome } from './link.test.support.js'

type Options = Partial<Parameters<typeof testLink>[0]>

/** A link on sockets and a clock of the test, with the contract's back-off. */
async function fakeLink(options: Options = {}) {
  const clock = fakeClock()
  const { dial, sockets } = fakeDial()
  const spool = await testSpool()
  const link = testLink({ spool, dial, clock, backOff: {}, ...options })
  const at = { epoch: spool.epoch, n: 0 }
  const last = (): FakeSocket => sockets.at(-1)!
  return { clock, sockets, spool, link, at, last }
}

async function closeWith(socket: FakeSocket, code: number, reason = ''): Promise<void> {
  socket.events.closed(code, reason)
  await settle()
}

const ofType = (socket: FakeSocket, type: string) =>
  socket.sent.filter((frame) => (frame as { type: string }).type === type)

test('before the welcome the host sends nothing but its hello', async () => {
  const { last, spool, link, at } = await fakeLink()
  spool.append(anEvent('a'))
  await spool.synced()

  last().events.opened()
  link.signal({ channel: 'terminals:t', data: 1 })
  last().events.message(JSON.stringify({ type: 'req', id: 's1', method: 'GET', path: '/health' }))
  await settle()
  expect(last().sent).toMatchObject([{ type: 'hello' }])

  welcome(last(), at)
  await eventually(() => ofType(last(), 'event').length === 1)
})

test.each([1001, 1006, 1011, 1013, 4408, 4403, 4413, 4999])(
  'after a close with %i it dials again, later each time, at most every 30 seconds',
  async (code) => {
    const { clock, sockets, last } = await fakeLink()

    for (const seconds of [1, 2, 4, 8, 16, 30, 30]) {
      const before = sockets.length
      await closeWith(last(), code)
      await clock.advance(seconds * 1_000 - 1)
      expect(sockets.length).toBe(before)
      await clock.advance(1)
      expect(sockets.length).toBe(before + 1)
    }
  },
)

test('a link that lived 30 seconds begins with the shortest wait again', async () => {
  const { clock, sockets, last, at } = await fakeLink()
  for (const seconds of [1, 2, 4]) {
    await closeWith(last(), 1006)
    await clock.advance(seconds * 1_000)
  }
  welcome(last(), at)
  // The heartbeat hears the server.
  await clock.advance(15_000)
  last().events.heard()
  await clock.advance(15_000)
  const before = sockets.length

  await closeWith(last(), 1001)
  await clock.advance(1_000)

  expect(sockets.length).toBe(before + 1)
})

test('waits are up to a fifth longer or shorter', () => {
  const waits = (random: number) => createBackOff({ random: () => random }).next()

  expect([waits(0), waits(0.5), waits(1)]).toEqual([800, 1_000, 1_200])
})

// proves: sessions.s84
test.each([
  [4400, 1],
  [4409, 0],
])('a close with %i ends it for good (exit code %i)', async (code, exitCode) => {
  const { clock, sockets, last, link } = await fakeLink()

  await closeWith(last(), code, 'why')
  await clock.advance(3_600_000)

  expect(sockets.length).toBe(1)
  expect(link.refusals).toEqual([{ code, reason: 'why', exitCode }])
})

test('unauthorized is tried once more, and then it ends', async () => {
  const { clock, sockets, last, link } = await fakeLink()

  await closeWith(last(), 4401, 'unauthorized')
  await clock.advance(10_000)
  expect([sockets.length, link.refusals]).toEqual([2, []])
  await closeWith(last(), 4401, 'unauthorized')
  await clock.advance(3_600_000)

  expect(sockets.length).toBe(2)
  expect(link.refusals).toEqual([{ code: 4401, reason: 'unauthorized', exitCode: 1 }])
})

test('a welcome in between forgives an earlier unauthorized', async () => {
  const { clock, last, link, at } = await fakeLink()
  await closeWith(last(), 4401)
  await clock.advance(10_000)
  welcome(last(), at)
  await closeWith(last(), 4401)

  await clock.advance(10_000)

  expect(link.refusals).toEqual([])
})

test('a gap is answered at once, a second one by waiting', async () => {
  const { clock, sockets, last, at } = await fakeLink()
  welcome(last(), at)

  await closeWith(last(), 4410, 'gap')
  await clock.advance(0)
  expect(sockets.length).toBe(2)
  welcome(last(), at)
  await closeWith(last(), 4410, 'gap')
  await clock.advance(0)
  expect(sockets.length).toBe(2)
  await clock.advance(1_000)

  expect(sockets.length).toBe(3)
})

test('a server of another version ends it', async () => {
  const { last, link, at } = await fakeLink()

  welcome(last(), at, { v: 2 })
  await settle()

  expect(link.refusals).toMatchObject([{ code: 4400, exitCode: 1 }])
  expect(link.reports.join()).toContain('version 2')
})

test('it pings every 15 seconds and drops a server that is silent for 45', async () => {
  const { clock, last, at } = await fakeLink()
  const socket = last()
  welcome(socket, at)

  await clock.advance(30_000)
  expect(socket.pings).toBe(2)
  socket.events.heard()
  await clock.advance(44_000)
  expect(socket.isTerminated).toBe(false)
  await clock.advance(2_000)

  expect(socket.isTerminated).toBe(true)
})

test('a server that never welcomes is dropped', async () => {
  const { clock, last } = await fakeLink()
  const socket = last()
  socket.events.opened()

  await clock.advance(15_000)

  expect(socket.isTerminated).toBe(true)
})

test('a congested socket drops signals first, then holds events back, and is cut off after 30 seconds', async () => {
  const { clock, last, spool, link, at } = await fakeLink()
  const socket = last()
  welcome(socket, at)
  link.signal({ channel: 'c', data: 1 })
  socket.bufferedBytes = 600_000
  link.signal({ channel: 'c', data: 2 })
  spool.append(anEvent('a'))
  await eventually(() => ofType(socket, 'event').length === 1)
  expect(ofType(socket, 'signal')).toHaveLength(1)

  socket.bufferedBytes = 2_000_000
  socket.events.message(JSON.stringify({ type: 'req', id: 's1', method: 'GET', path: '/health' }))
  spool.append(anEvent('b'))
  await spool.synced()
  await eventually(() => ofType(socket, 'res').length === 1)
  expect(ofType(socket, 'event')).toHaveLength(1)
  await clock.advance(29_000)
  expect(socket.isTerminated).toBe(false)
  await clock.advance(1_000)

  expect(socket.isTerminated).toBe(true)
})

test('the newest signal of each channel that had no room is sent when there is, unless a newer one was', async () => {
  const { last, link, at } = await fakeLink()
  const socket = last()
  welcome(socket, at)
  socket.bufferedBytes = 600_000
  for (const [channel, data] of [
    ['a', 1],
    ['b', 2],
    ['a', 3],
  ] as const)
    link.signal({ channel, data })
  socket.bufferedBytes = 500_000
  link.signal({ channel: 'b', data: 4 })

  socket.bufferedBytes = 0
  socket.events.drained()
  socket.events.drained()

  expect(ofType(socket, 'signal')).toMatchObject([
    { channel: 'b', data: 4 },
    { channel: 'a', data: 3 },
  ])
})

test('a socket that drains goes on', async () => {
  const { clock, last, spool, at } = await fakeLink()
  const socket = last()
  welcome(socket, at)
  socket.bufferedBytes = 2_000_000
  socket.events.message(JSON.stringify({ type: 'req', id: 's1', method: 'GET', path: '/health' }))
  spool.append(anEvent('a'))
  await spool.synced()
  await settle()

  socket.bufferedBytes = 0
  socket.events.drained()
  await eventually(() => ofType(socket, 'event').length === 1)
  socket.events.heard()
  await clock.advance(31_000)

  expect(socket.isTerminated).toBe(false)
})

// proves: sessions.s81
test('64 requests may be open; the 65th is refused, and each gets one answer', async () => {
  const gates: ((response: HostResponse) => void)[] = []
  const answer = () => new Promise<HostResponse>((resolve) => void gates.push(resolve))
  const { last, at } = await fakeLink({ answer })
  welcome(last(), at)
  for (let n = 1; n <= 65; n++)
    last().events.message(JSON.stringify({ type: 'req', id: `s${n}`, method: 'GET', path: '/health' }))

  expect(ofType(last(), 'res')).toEqual([
    { type: 'res', id: 's65', status: 429, body: { error: 'too many requests' } },
  ])
  for (const open of gates) open({ status: 200 })
  await eventually(() => ofType(last(), 'res').length === 65)
  last().events.message(JSON.stringify({ type: 'req', id: 's66', method: 'GET', path: '/health' }))
  expect(gates.length).toBe(65)
})

test('a cancelled request gets no answer; one that takes too long gets 504', async () => {
  const gates: ((response: HostResponse) => void)[] = []
  const answer = () => new Promise<HostResponse>((resolve) => void gates.push(resolve))
  const { clock, last, at } = await fakeLink({ answer })
  welcome(last(), at)
  const message = (frame: object) => last().events.message(JSON.stringify(frame))
  message({ type: 'req', id: 's1', method: 'GET', path: '/a' })
  message({ type: 'req', id: 's2', method: 'GET', path: '/b', timeoutMs: 5_000 })

  message({ type: 'cancel', id: 's1' })
  await clock.advance(5_000)
  for (const open of gates) open({ status: 200 })
  await settle()

  expect(ofType(last(), 'res')).toMatchObject([{ id: 's2', status: 504 }])
})

test('the answer to a request of an earlier link is dropped', async () => {
  const gates: ((response: HostResponse) => void)[] = []
  const answer = () => new Promise<HostResponse>((resolve) => void gates.push(resolve))
  const { clock, last, sockets, at } = await fakeLink({ answer })
  welcome(last(), at)
  last().events.message(JSON.stringify({ type: 'req', id: 's1', method: 'GET', path: '/a' }))
  await closeWith(last(), 1006)
  await clock.advance(1_000)
  welcome(last(), at)

  gates[0]!({ status: 200 })
  await settle()

  expect(sockets.flatMap((socket) => ofType(socket, 'res'))).toEqual([])
})

test.each([
  'no JSON',
  '[]',
  '{}',
  '{"type":"later"}',
  '{"type":"ack","epoch":1}',
  '{"type":"welcome","v":1}',
  '{"type":"req"}',
])('the frame %s is ignored', async (text) => {
  const { last, at, link } = await fakeLink({ answer: echo })
  welcome(last(), at)

  last().events.message(text)
  last().events.message(JSON.stringify({ type: 'req', id: 's1', method: 'GET', path: '/x' }))
  await eventually(() => ofType(last(), 'res').length === 1)

  expect(link.isUp).toBe(true)
})

test.each([{ path: 'no-slash' }, { method: 7 }, { query: { a: 1 } }, { headers: [] }, { key: '' }])(
  'a request that is none (%j) is refused',
  async (wrong) => {
    const { last, at } = await fakeLink()
    welcome(last(), at)

    last().events.message(JSON.stringify({ type: 'req', id: 's1', method: 'GET', path: '/x', ...wrong }))

    expect(ofType(last(), 'res')).toMatchObject([{ id: 's1', status: 400 }])
  },
)

test('an answer that is too large for a frame is a 500', async () => {
  const answer = () => Promise.resolve({ status: 200, body: 'x'.repeat(1_100_000) })
  const { last, at } = await fakeLink({ answer })
  welcome(last(), at)

  last().events.message(JSON.stringify({ type: 'req', id: 's1', method: 'GET', path: '/x' }))
  await eventually(() => ofType(last(), 'res').length === 1)

  expect(ofType(last(), 'res')).toMatchObject([{ status: 500, body: { error: 'the answer is too large' } }])
})

test('a hello with too many long directories leaves them out', async () => {
  const session = { sessionId: 's', acpSessionId: 'a', status: 'idle', startedAt: '' } as const
  const sessions = Array.from({ length: 256 }, () => ({ ...session, cwd: `/${'d'.repeat(4_000)}` }))
  const introduce = () => ({ hostId: 'h', name: 'n', sessions })
  const { last } = await fakeLink({ introduce })

  last().events.opened()

  expect(JSON.stringify(last().sent[0]).length).toBeLessThan(256 * 1024)
  expect(last().sent[0]).toMatchObject({ sessions: expect.arrayContaining([{ ...session, cwd: '' }]) })
})

test('a token that can not be read counts as a link that is down', async () => {
  const { clock, link } = await fakeLink({
    dial: () => {
      throw new Error('no token file')
    },
  })
  await settle()
  await clock.advance(1_000)

  expect(link.reports.join()).toContain('no token file')
})
