import { once } from 'node:events'
import { connect } from 'node:net'
import { eventually, type FakeClock, fakeClock } from '@parley/testkit'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { type Fixture, socketFixture } from './socket-fixture.test.support.js'

const fixtures: Fixture[] = []
afterEach(async () => {
  for (const fixture of fixtures.splice(0)) await fixture.stop()
})

type Options = Omit<Parameters<typeof socketFixture>[0], 'clock'>

async function start(options: Options = {}): Promise<Fixture & { clock: FakeClock }> {
  const clock = fakeClock()
  const fixture = await socketFixture({ clock, ...options })
  fixtures.push(fixture)
  return { ...fixture, clock }
}

const closeOf = async (client: WebSocket): Promise<{ code: number; reason: string }> => {
  const [code, reason] = await once(client, 'close')
  return { code, reason: String(reason) }
}

function collectTexts(client: WebSocket): string[] {
  const texts: string[] = []
  client.on('message', (data) => void texts.push(String(data)))
  return texts
}

describe('a connection', () => {
  it('carries text both ways, in order', async () => {
    const { dial } = await start()
    const { client, connection } = await dial()
    const texts = collectTexts(client)
    connection.onMessage((text) => connection.send(`echo ${text}`))

    for (const text of ['one', 'zwei ü', '三'.repeat(50_000)]) client.send(text)

    await eventually(() => texts.length === 3)
    expect(texts).toEqual(['echo one', 'echo zwei ü', `echo ${'三'.repeat(50_000)}`])
  })

  it('keeps messages that came before the plane was listening, and stops reading past 64', async () => {
    const { dial } = await start()
    const { client, connection } = await dial()
    for (let n = 0; n < 200; n++) client.send(String(n))
    await eventually(() => client.bufferedAmount === 0)

    const seen: string[] = []
    connection.onMessage((text) => void seen.push(text))

    await eventually(() => seen.length === 200)
    expect(seen).toEqual(Array.from({ length: 200 }, (_, n) => String(n)))
  })

  it('sends what is waiting before it closes with a code', async () => {
    const { dial } = await start()
    const { client, connection } = await dial()
    const texts = collectTexts(client)

    connection.send('last words')
    connection.close(4401, 'unauthorized')

    expect(await closeOf(client)).toEqual({ code: 4401, reason: 'unauthorized' })
    expect(texts).toEqual(['last words'])
    connection.send('nobody hears this')
  })

  it('cuts a reason that is too long for a close frame at a character', async () => {
    const { dial } = await start()
    const { client, connection } = await dial()

    connection.close(1008, 'ü'.repeat(200))

    expect(await closeOf(client)).toEqual({ code: 1008, reason: 'ü'.repeat(60) })
  })

  it('tells close listeners once, also one that comes late', async () => {
    const { dial } = await start()
    const { client, connection } = await dial()
    const codes: number[] = []
    connection.onClose((code) => codes.push(code))

    client.close(4000, 'bye')
    await eventually(() => codes.length > 0)
    connection.onClose((code) => codes.push(code))

    await eventually(() => codes.length === 2)
    expect(codes).toEqual([4000, 4000])
  })

  it('closes an oversized message with 1009', async () => {
    const { dial } = await start({ maxFrameBytes: 1_000 })
    const { client, connection } = await dial()
    const seen: string[] = []
    connection.onMessage((text) => void seen.push(text))

    client.send('x'.repeat(1_001))

    expect((await closeOf(client)).code).toBe(1009)
    expect(seen).toEqual([])
  })

  it.each([
    ['close', 1003, 0],
    ['ignore', undefined, 0],
    ['accept', undefined, 1],
  ] as const)('with binary messages set to %s closes with %s', async (binary, code, received) => {
    const { dial } = await start({ binary })
    const { client, connection } = await dial()
    const bytes: Buffer[] = []
    let closedWith: number | undefined
    const texts: string[] = []
    client.on('close', (closeCode) => {
      closedWith = closeCode
    })
    connection.onBinary((data) => void bytes.push(data))
    connection.onMessage((text) => void texts.push(text))

    client.send(Buffer.from([1, 2]))
    client.send('after')

    await eventually(() => texts.length === 1 || closedWith !== undefined)
    expect(closedWith).toBe(code)
    expect(bytes).toHaveLength(received)
  })

  it('closes with 1011 and reports it when a listener throws or rejects', async () => {
    const { dial, faults } = await start()
    const thrower = await dial()
    const rejecter = await dial()
    thrower.connection.onMessage(() => {
      throw new Error('thrown')
    })
    rejecter.connection.onMessage(() => Promise.reject(new Error('rejected')))

    thrower.client.send('x')
    expect((await closeOf(thrower.client)).code).toBe(1011)
    rejecter.client.send('x')
    expect((await closeOf(rejecter.client)).code).toBe(1011)

    expect(faults.map(String)).toEqual(['Error: thrown', 'Error: rejected'])
  })

  it('calls idle listeners each time no message came for long enough', async () => {
    const { dial, clock } = await start({ heartbeat: { everyMs: 1e9 } })
    const { client, connection } = await dial()
    const seen: string[] = []
    let idle = 0
    connection.onMessage((text) => void seen.push(text))
    const stop = connection.onIdle(60_000, () => idle++)

    await clock.advance(59_000)
    client.send('not idle')
    await eventually(() => seen.length === 1)
    await clock.advance(59_000)
    expect(idle).toBe(0)
    await clock.advance(1_000)
    expect(idle).toBe(1)
    await clock.advance(60_000)
    expect(idle).toBe(2)
    stop()
    await clock.advance(600_000)
    expect(idle).toBe(2)
  })

  it('closes a peer that sends too much, when told to', async () => {
    const { dial } = await start({ inbound: { perSecond: 5, exceeded: 'close' } })
    const { client, connection } = await dial()
    const seen: string[] = []
    connection.onMessage((text) => void seen.push(text))

    for (let n = 0; n < 50; n++) client.send(String(n))

    expect(await closeOf(client)).toEqual({ code: 1008, reason: 'rate limit exceeded' })
    expect(seen).toHaveLength(5)
  })

  it('reads a peer that sends too much more slowly, and loses nothing', async () => {
    const { dial, clock } = await start({ inbound: { perSecond: 10, burst: 10 } })
    const { client, connection } = await dial()
    const seen: string[] = []
    connection.onMessage((text) => void seen.push(text))
    const text = 'x'.repeat(50_000)

    for (let n = 0; n < 60; n++) client.send(text)
    await eventually(() => seen.length > 10)
    expect(seen.length).toBeLessThan(60)

    await eventually(async () => {
      await clock.advance(1_000)
      return seen.length === 60
    })
  })
})

describe('the heartbeat', () => {
  it('keeps a peer that answers pings', async () => {
    const { dial, clock } = await start({ heartbeat: { everyMs: 15_000, deadMs: 45_000 } })
    const { client, connection } = await dial()
    let pings = 0
    client.on('ping', () => pings++)

    for (let n = 1; n <= 10; n++) {
      await clock.advance(20_000)
      await eventually(() => pings >= n && connection.alive)
    }

    expect(connection.isOpen).toBe(true)
  })

  it('cuts off a half-open connection', async () => {
    const { clock, url, connections } = await start({ heartbeat: { everyMs: 15_000, deadMs: 45_000 } })
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    socket.write(
      'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${Buffer.alloc(16).toString('base64')}\r\n\r\n`,
    )
    const [connection] = await eventually(() => connections.length > 0 && connections)
    let code: number | undefined
    connection?.onClose((closeCode) => {
      code = closeCode
    })

    await clock.advance(20_000)
    expect(connection).toMatchObject({ isOpen: true, alive: false })
    await clock.advance(30_000)

    await eventually(() => code !== undefined)
    expect(code).toBe(1006)
    socket.destroy()
  })
})

describe('a peer that never reads', () => {
  it('costs bounded memory and is closed with the code of the plane', async () => {
    const slow = { bytes: 64 * 1024, limitMs: 30_000, code: 4408, reason: 'too slow' }
    const { dial, clock } = await start({ slow })
    const { client, connection } = await dial()
    let code: number | undefined
    connection.onClose((closeCode) => {
      code = closeCode
    })
    client.pause()

    const text = 'x'.repeat(10_000)
    // The operating system takes some megabytes before anything waits here.
    await eventually(
      async () => {
        if (!connection.isCongested) connection.send(text)
        return connection.isCongested && connection.bufferedBytes > 0
      },
      { everyMs: 0 },
    )
    expect(connection.bufferedBytes).toBeLessThan(64 * 1024 + 20_000)

    await clock.advance(30_000)
    expect(connection.isOpen).toBe(false)
    await clock.advance(2_000)
    await eventually(() => code !== undefined)
  })

  it('is closed at once past the hard limit', async () => {
    const { dial } = await start({ slow: { bytes: 10_000, hardBytes: 40_000, code: 4408 } })
    const { client, connection } = await dial()

    for (let n = 0; n < 100_000 && connection.isOpen; n++) connection.send('x'.repeat(1_000))

    expect(connection.isOpen).toBe(false)
    expect(await closeOf(client)).toMatchObject({ code: 4408 })
  })

  // ws answers pings by itself; this holds it to a bound of its own.
  it('is cut off when it pings without end and never reads the answers', async () => {
    const { url, connections } = await start()
    const peer = connect(Number(new URL(url).port), '127.0.0.1').on('error', () => {})
    peer.pause()
    peer.write(
      'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    )
    const ping = Buffer.concat([Buffer.from([0x89, 0x80 | 125, 0, 0, 0, 0]), Buffer.alloc(125)])
    const pings = Buffer.concat(Array<Buffer>(1_000).fill(ping))
    await eventually(() => connections.length > 0)
    const [connection] = connections

    // More than the buffers of the operating system hold.
    for (let n = 0; n < 1_000 && connection!.isOpen; n++)
      await new Promise((resolve) => peer.write(pings, resolve))

    expect(connection!.isOpen).toBe(false)
    peer.destroy()
  })

  it('is left alone when it drains in time', async () => {
    const { dial, clock } = await start({ slow: { bytes: 64 * 1024, limitMs: 30_000, hardBytes: 1e9 } })
    const { client, connection } = await dial()
    client.pause()
    for (let n = 0; n < 2_000; n++) connection.send('x'.repeat(10_000))
    await eventually(() => connection.isCongested)

    client.resume()
    await connection.drained()
    await clock.advance(60_000)

    expect(connection).toMatchObject({ isOpen: true, isCongested: false, bufferedBytes: 0 })
  })
})

describe('the acceptor', () => {
  it('closes one connection too many of a key and counts the others', async () => {
    const { dial, url, acceptor } = await start({ maxPerKey: 2, accept: { key: 'ada' } })
    const first = await dial()
    await dial()

    const third = new WebSocket(url)

    expect(await closeOf(third)).toEqual({ code: 1013, reason: 'too many connections' })
    await eventually(() => acceptor.count('ada') === 2)
    first.client.close()
    await eventually(() => acceptor.count('ada') === 1)
    expect(acceptor.count()).toBe(1)
  })

  it('answers 503 when the server is full', async () => {
    const { dial, url } = await start({ maxTotal: 1 })
    await dial()

    const [error] = await once(new WebSocket(url), 'error')

    expect(String(error)).toContain('503')
  })

  it('answers what is not a WebSocket request with 400', async () => {
    const { url, acceptor } = await start()
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')

    const [data] = await once(socket, 'data')

    expect(String(data)).toMatch(/^HTTP\/1\.1 400 /)
    expect(acceptor.count()).toBe(0)
    socket.destroy()
  })

  it('agrees on a subprotocol', async () => {
    const { url, connections } = await start({
      handleProtocols: (offered) => (offered.has('parley.host.1') ? 'parley.host.1' : false),
    })
    const client = new WebSocket(url, ['other', 'parley.host.1'])

    await once(client, 'open')

    expect(client.protocol).toBe('parley.host.1')
    expect(connections[0]?.protocol).toBe('parley.host.1')
    client.terminate()
  })

  it('stops: closes all, refuses more, and resolves when they are gone', async () => {
    const { dial, acceptor, url, clock } = await start()
    const polite = await dial()
    const deaf = await dial()
    deaf.client.pause()
    const politeClose = closeOf(polite.client)

    const stopped = acceptor.stop(1001, 'restart')
    expect(await politeClose).toEqual({ code: 1001, reason: 'restart' })
    await clock.advance(2_000)
    await stopped

    expect(acceptor.count()).toBe(0)
    const [error] = await once(new WebSocket(url), 'error')
    expect(String(error)).toContain('503')
    await clock.advance(60_000)
    expect(clock.pending).toBe(0)
  })
})
