import { eventually } from '@parley/testkit'
import { expect, test } from 'vitest'
import type { FromHost, FromServer } from '../../protocol/index.js'
import { anEvent, tempDirectory, testSpool } from '../spool/spool.test.support.js'
import { fakeServer } from './fake-server.test.support.js'
import { testLink } from './link.test.support.js'

const texts = (count: number) => Array.from({ length: count }, (_, at) => `e${at + 1}`)

test('events are sent from the first on, then "caught up", then live', async () => {
  const server = await fakeServer()
  const spool = await testSpool()
  for (const text of texts(10)) spool.append(anEvent(text))
  await spool.synced()

  const link = testLink({ spool, url: server.url })
  await eventually(() => server.ofType('caughtUp').length === 1)
  spool.append(anEvent('live'))
  await eventually(() => server.taken.length === 11)

  expect(server.frames[0]).toMatchObject({
    type: 'hello',
    v: 1,
    hostId: 'h1',
    name: 'laptop',
    n: 10,
    oldest: 1,
  })
  expect(server.authorizations).toEqual(['Bearer secret-token'])
  expect(server.frames.map(({ type }) => type).indexOf('caughtUp')).toBe(11)
  expect(server.taken.map(({ text }) => text)).toEqual([...texts(10), 'live'])
  expect(link.changes).toEqual([true])
  await eventually(() => spool.acked === 11)
})

test('a link that is cut 50 times during 5,000 events loses nothing and doubles nothing', async () => {
  const server = await fakeServer()
  server.acksEvery = 7
  const spool = await testSpool({ segmentBytes: 20_000, recentBytes: 5_000 })
  let events = 0
  let cuts = 0
  server.afterFrame = (frame, socket) => {
    if (frame.type !== 'event' || ++events % 97 !== 0 || cuts >= 50) return
    cuts++
    socket.terminate()
  }
  const link = testLink({ spool, url: server.url })

  for (const text of texts(5_000)) {
    spool.append(anEvent(text))
    if (text.endsWith('00')) await spool.synced()
  }
  await eventually(() => server.taken.length >= 5_000 && cuts === 50)

  expect(server.taken.map(({ text }) => text)).toEqual(texts(5_000))
  expect(server.links).toBeGreaterThan(50)
  await eventually(() => link.isUp)
})

type Cut = [
  kind: string,
  when: (frame: FromHost) => boolean,
  before?: (send: (frame: FromServer) => void) => void,
]

test.each<Cut>([
  ['hello', ({ type }) => type === 'hello'],
  ['event', (frame) => frame.type === 'event' && frame.n === 3],
  ['the last event', (frame) => frame.type === 'event' && frame.n === 20],
  ['caughtUp', ({ type }) => type === 'caughtUp'],
  [
    'res',
    ({ type }) => type === 'res',
    (send) => send({ type: 'req', id: 's1', method: 'GET', path: '/health' }),
  ],
  ['signal', ({ type }) => type === 'signal'],
])('a cut at %s, before or after it was taken in, costs nothing', async (_, isIt, prepare) => {
  for (const when of ['onFrame', 'afterFrame'] as const) {
    const server = await fakeServer()
    const spool = await testSpool()
    for (const text of texts(20)) spool.append(anEvent(text))
    await spool.synced()
    let isCut = false
    const cut: typeof server.onFrame = (frame, socket) => {
      if (frame.type === 'caughtUp') prepare?.(server.send)
      if (isCut || !isIt(frame)) return false
      isCut = true
      socket.terminate()
      return true
    }
    if (when === 'onFrame') server.onFrame = cut
    else server.afterFrame = (frame, socket) => void cut(frame, socket)

    const link = testLink({ spool, url: server.url })
    await eventually(() => {
      link.signal({ channel: 'terminals:t1', data: 1 })
      return isCut && link.isUp && spool.acked === 20
    })

    expect(server.taken.map(({ text }) => text)).toEqual(texts(20))
  }
})

test('a host that starts again goes on where the server is', async () => {
  const server = await fakeServer()
  const directory = tempDirectory()
  const first = await testSpool({ directory })
  const link = testLink({ spool: first, url: server.url })
  first.append(anEvent('a'))
  await eventually(() => server.taken.length === 1)
  await link.close('bye')
  first.append(anEvent('b'))
  await first.close()

  const second = await testSpool({ directory })
  testLink({ spool: second, url: server.url })
  second.append(anEvent('c'))
  await eventually(() => server.taken.length === 3)

  expect(server.taken.map(({ n, text }) => [n, text])).toEqual([
    [1, 'a'],
    [2, 'b'],
    [3, 'c'],
  ])
  expect(server.ofType('bye')).toEqual([{ type: 'bye', reason: 'bye' }])
})

test('after a reset the events that are not acknowledged come under a new epoch, at once', async () => {
  const server = await fakeServer()
  const spool = await testSpool()
  for (const text of texts(5)) spool.append(anEvent(text))
  await spool.synced()
  spool.ack({ epoch: spool.epoch, n: 2 })
  const old = spool.epoch
  server.onFrame = (frame, socket) => {
    if (frame.type !== 'hello' || frame.epoch !== old) return undefined
    socket.send(JSON.stringify({ type: 'reset', reason: 'spool behind' }))
    return true
  }

  testLink({ spool, url: server.url, backOff: { firstMs: 60_000 } })
  await eventually(() => server.taken.length === 3)

  expect(server.taken.map(({ n, text }) => [n, text])).toEqual([
    [1, 'e3'],
    [2, 'e4'],
    [3, 'e5'],
  ])
  expect(server.position.epoch).not.toBe(old)
})

test.each([
  ['has more than the spool', (epoch: string) => ({ epoch, n: 999 })],
  ['has less than is kept', (epoch: string) => ({ epoch, n: 0 })],
  ['knows another epoch while ours has lost its beginning', () => ({ epoch: 'deadbeef00', n: 3 })],
])('a welcome of a server that %s counts as a reset', async (_, ackedOf) => {
  const server = await fakeServer()
  const spool = await testSpool({ segmentBytes: 300 })
  for (const text of texts(20)) {
    spool.append(anEvent(text))
    await spool.synced()
  }
  spool.ack({ epoch: spool.epoch, n: 15 })
  await eventually(() => spool.oldest > 1)
  const old = spool.epoch
  server.onFrame = (frame, socket) => {
    if (frame.type !== 'hello' || frame.epoch !== old) return undefined
    const limits = server.welcomeLimits
    const acked = ackedOf(old)
    socket.send(
      JSON.stringify({ type: 'welcome', v: 1, linkId: 'l', acked, heartbeatSeconds: 15, limits, time: '' }),
    )
    return true
  }

  testLink({ spool, url: server.url })
  await eventually(() => server.taken.length === 5)

  expect(server.taken.map(({ n, text }) => [n, text])).toEqual(
    [16, 17, 18, 19, 20].map((text, at) => [at + 1, `e${text}`]),
  )
})

test('a gap closes the link, and the next one begins at the last acknowledged event', async () => {
  const server = await fakeServer()
  const spool = await testSpool()
  for (const text of texts(9)) spool.append(anEvent(text))
  await spool.synced()
  let isLost = false
  // The server loses one event: the one after it is a gap.
  server.onFrame = (frame) => {
    if (isLost || frame.type !== 'event' || frame.n !== 4) return undefined
    isLost = true
    return true
  }

  testLink({ spool, url: server.url, backOff: { firstMs: 60_000 } })
  await eventually(() => server.taken.length === 9)

  expect(server.links).toBe(2)
  expect(server.taken.map(({ text }) => text)).toEqual(texts(9))
})

test('a paused link carries requests but no events and no signals; the newest one comes after it', async () => {
  const server = await fakeServer()
  const spool = await testSpool()
  const link = testLink({ spool, url: server.url })
  await eventually(() => server.ofType('caughtUp').length === 1)
  server.send({ type: 'pause' })
  server.send({ type: 'req', id: 's1', method: 'GET', path: '/health' })
  await eventually(() => server.ofType('res').length === 1)

  spool.append(anEvent('later'))
  link.signal({ channel: 'terminals:t1', data: 'dropped' })
  link.signal({ channel: 'terminals:t1', data: 'newest' })
  await spool.synced()
  server.send({ type: 'req', id: 's2', method: 'GET', path: '/health' })
  await eventually(() => server.ofType('res').length === 2)
  expect([server.taken, server.ofType('signal')]).toEqual([[], []])

  server.send({ type: 'resume' })
  await eventually(() => server.taken.length === 1)
  link.signal({ channel: 'terminals:t1', data: 'sent' })
  await eventually(() => server.ofType('signal').length === 2)
  expect(server.ofType('signal')).toMatchObject([{ data: 'newest' }, { data: 'sent' }])
})

test.each([
  ['events', { unackedEvents: 20, unackedBytes: 8_000_000 }, 20],
  ['bytes', { unackedEvents: 2_000, unackedBytes: 1 }, 1],
])('a server that does not acknowledge gets no more than the window of %s', async (_, limits, most) => {
  const server = await fakeServer()
  server.acksEvery = Number.POSITIVE_INFINITY
  server.welcomeLimits = { frameBytes: 1_048_576, ...limits }
  const spool = await testSpool()
  for (const text of texts(100)) spool.append(anEvent(text))
  await spool.synced()
  testLink({ spool, url: server.url })
  await eventually(() => server.taken.length === most)
  // Whatever was on its way has come before the answer.
  server.send({ type: 'req', id: 's1', method: 'GET', path: '/health' })
  await eventually(() => server.ofType('res').length === 1)
  expect(server.taken.length).toBe(most)

  server.acksEvery = 1
  server.send({ type: 'ack', ...server.position })

  await eventually(() => server.taken.length === 100)
  expect(server.taken.map(({ text }) => text)).toEqual(texts(100))
})
