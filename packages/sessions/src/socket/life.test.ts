import { connect } from 'node:net'
import { eventually } from '@parley/testkit'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openDoors } from '../plane-doors.test.support.js'
import { Peer } from './peer.test.support.js'

async function openSite(options: Parameters<typeof openDoors>[0] = {}) {
  const doors = await openDoors(options)
  await doors.session('s1')
  return { doors, origin: `ws://${await doors.listen()}` }
}

// proves: sessions.s65
describe('an upgrade', () => {
  test.each([
    ['/ws', {}, 401],
    ['/', {}, 401],
    ['/ws/sessions/s1', {}, 401],
    ['/ws', { token: 'mallory' }, 401],
    ['/ws?token=mallory', {}, 401],
    ['/ws', { token: 'alice', origin: 'https://evil.example' }, 403],
    ['/ws/sessions/s1', { token: 'alice', origin: 'null' }, 403],
    ['/ws/sessions/none', { token: 'alice' }, 404],
    ['/ws/sessions/s1', { token: 'bob' }, 404],
    ['/ws/sessions/a%00b', { token: 'alice' }, 400],
    ['/ws/sessions/%E0%A4', { token: 'alice' }, 400],
    ['/ws/sessions/', { token: 'alice' }, 400],
    ['/ws/other', { token: 'alice' }, 400],
    ['/api/agents', { token: 'alice' }, 400],
  ])('of %s by %j is refused with %i before it is one', async (path, options, status) => {
    const { origin } = await openSite()

    const peer = new Peer(origin + path, options)

    expect(await eventually(() => peer.refused)).toBe(status)
    expect(peer.texts).toEqual([])
  })

  test.each([
    ['/ws', { token: 'alice' }],
    ['/ws?token=alice', {}],
    ['/ws', { protocols: ['parley.token.alice'] }],
    ['/ws/sessions/s1?token=alice', {}],
    ['/ws', { token: 'alice', origin: 'https://app.example' }],
  ])('of %s by %j is let in', async (path, options) => {
    const { origin } = await openSite({ allowedOrigins: ['https://app.example'] })

    const peer = await Peer.open(origin + path, options)

    expect(peer.of('connected')).toHaveLength(1)
  })

  test('that a fault breaks is answered, and reported', async () => {
    const { doors, origin } = await openSite({ authenticate: () => Promise.reject(new Error('down')) })

    const peer = new Peer(`${origin}/ws`, { token: 'alice' })

    expect(await eventually(() => peer.refused)).toBe(500)
    expect(doors.faults.splice(0)).toHaveLength(1)
  })

  test('of a host is handed on', async () => {
    const { doors, origin } = await openSite()

    new Peer(`${origin}/api/hosts/link`, { token: 'host' })

    await eventually(() => doors.links.length === 1)
    expect(doors.links).toEqual(['Bearer host'])
  })
})

test('a session of another tenant looks like one that is not there', async () => {
  const { doors, origin } = await openSite()
  await doors.append('s1', 'rpc')
  const peer = await Peer.open(`${origin}/ws`, { token: 'bob' })

  await peer.subscribe('session:s1')
  await peer.subscribe('agents')
  doors.announce('s1')
  await doors.append('s1', 'rpc')
  peer.send({ action: 'prompt', sessionId: 's1', text: 'x' })

  expect(await peer.error()).toEqual({ type: 'error', message: 'Session "s1" not found' })
  expect(peer.frames.slice(1).map(({ type }) => type)).toEqual(['subscribed', 'subscribed', 'error'])
})

// proves: sessions.s65
describe('an open socket', () => {
  test('is closed when its credential ends', async () => {
    const { doors, origin } = await openSite()
    const peers = [await Peer.open(`${origin}/ws`), await Peer.open(`${origin}/ws/sessions/s1`)]
    const other = await Peer.open(`${origin}/ws`, { token: 'bob' })

    doors.revoked.add('alice')
    await doors.clock.advance(60_000)

    for (const peer of peers) {
      await eventually(() => peer.closed)
      expect(peer.closed).toEqual({ code: 1008, reason: 'the credential has ended' })
    }
    await other.settled()
    await doors.clock.advance(60_000)
    await other.settled()
  })

  test('stays when nobody can say who it is', async () => {
    let isDown = false
    const { doors, origin } = await openSite({
      authenticate: () => {
        if (isDown) throw new Error('down')
        return { kind: 'user', id: 'u', tenant: {}, scopes: [] }
      },
    })
    const peer = await Peer.open(`${origin}/ws`)
    isDown = true

    await doors.clock.advance(60_000)
    await eventually(() => doors.faults.length === 1)
    await peer.settled()

    doors.faults.splice(0)
  })

  test('is closed with 1001 when the plane stops, and no other is let in', async () => {
    const { doors, origin } = await openSite()
    const peer = await Peer.open(`${origin}/ws`)
    await peer.subscribe('agents')

    await doors.stop()

    expect(await eventually(() => peer.closed)).toMatchObject({ code: 1001 })
    const late = new Peer(`${origin}/ws`, { token: 'alice' })
    expect(await eventually(() => late.refused)).toBe(503)
  })
})

// proves: sessions.s66
describe('a limit', () => {
  test('of bytes closes the socket with 1009', async () => {
    const { origin } = await openSite({ limits: { bodyBytes: 1_000 } })
    const peer = await Peer.open(`${origin}/ws`)

    peer.send({ action: 'prompt', sessionId: 's1', text: 'x'.repeat(1_000) })

    expect(await eventually(() => peer.closed)).toMatchObject({ code: 1009 })
  })

  test('of sockets of one principal closes one too many, and leaves others alone', async () => {
    const { origin } = await openSite({ limits: { sockets: 2 } })
    const peers = [await Peer.open(`${origin}/ws`), await Peer.open(`${origin}/ws`)]

    const third = await Peer.open(`${origin}/ws`)
    expect(await eventually(() => third.closed)).toEqual({ code: 1013, reason: 'too many connections' })
    for (const peer of peers) await peer.settled()
    await (await Peer.open(`${origin}/ws`, { token: 'bob' })).settled()
  })

  test('of messages that wait closes the socket', async () => {
    const { doors, origin } = await openSite()
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    doors.service.cancelTurn = () => held
    const peer = await Peer.open(`${origin}/ws`)

    for (let n = 0; n < 1_100; n++) peer.send({ action: 'cancel', sessionId: 's1' })

    expect(await eventually(() => peer.closed)).toEqual({ code: 1013, reason: 'too many messages' })
    release()
  })
})

/** Speaks the protocol by hand and never reads what comes. */
async function openDeaf(origin: string, ...messages: object[]): Promise<void> {
  const { hostname, port } = new URL(origin)
  const socket = connect(Number(port), hostname)
  onTestFinished(() => void socket.destroy())
  socket.on('error', () => {})
  await new Promise((resolve) => socket.once('connect', resolve))
  const head = [
    'GET /ws?token=alice HTTP/1.1',
    `Host: ${hostname}:${port}`,
    'Upgrade: websocket',
    'Connection: Upgrade',
  ]
  head.push('Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', 'Sec-WebSocket-Version: 13')
  socket.write(`${head.join('\r\n')}\r\n\r\n`)
  await new Promise((resolve) => socket.once('data', resolve))
  socket.pause()
  for (const message of messages) {
    const payload = Buffer.from(JSON.stringify(message))
    socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | payload.length, 0, 0, 0, 0]), payload]))
  }
}

// proves: sessions.s48
describe('a client that never reads', () => {
  test('delays nobody: not the log, not the others', async () => {
    const { doors, origin } = await openSite()
    await openDeaf(origin, { action: 'subscribe', channel: 'session:s1' })
    const peer = await Peer.open(`${origin}/ws`)
    await peer.subscribe('session:s1')

    await doors.appendMany('s1', 3_000, 10_000)
    await eventually(() => peer.texts.length === 3_002)

    expect(peer.events.at(-1)).toBe('session:s1 3000')
  })

  test.each([
    ['its only channel', ['session:s1']],
    ['another channel', ['session:s1:queue', 'session:s1']],
  ])('of a long history, through %s, is given only what fits, and is sent away', async (_, channels) => {
    const { doors, origin } = await openSite()
    await doors.appendMany('s1', 100_000, 500)
    const { log } = doors.ground
    const read = log.read.bind(log)
    let events = 0
    let lastRead = performance.now()
    log.read = async (...args) => {
      const page = await read(...args)
      const wanted = page.events.filter(({ type }) => type === 'rpc')
      events += wanted.length
      lastRead = performance.now()
      return page
    }
    // Of the queue there is nothing: its replay reads everything and sends nothing.
    const free = channels.length > 1 ? 100_000 : 0

    await openDeaf(origin, ...channels.map((channel) => ({ action: 'subscribe', channel })))
    await eventually(() => events > free && performance.now() - lastRead > 200)
    const given = events - free

    expect(given).toBeGreaterThan(0)
    expect(given).toBeLessThan(50_000)
    expect(doors.sockets()).toBe(1)
    await eventually(async () => {
      await doors.clock.advance(10_000)
      return doors.sockets() === 0
    })
    expect(events - free).toBeLessThan(50_000)
  })
})
