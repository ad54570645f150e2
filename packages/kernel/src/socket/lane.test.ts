import { eventually, fakeClock } from '@parley/testkit'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { Batch } from './batch.js'
import { Lane } from './lane.js'
import { createOutlet } from './outlet.js'
import { canPrepareFrames, payloadOf, prepareFrame } from './prepared-frame.js'
import { type Fixture, socketFixture } from './socket-fixture.test.support.js'
import { rawOutput } from './ws-inner.js'

const fixtures: Fixture[] = []
afterEach(async () => {
  for (const fixture of fixtures.splice(0)) await fixture.stop()
})

async function dial() {
  const fixture = await socketFixture({ clock: fakeClock() })
  fixtures.push(fixture)
  const { client, connection } = await fixture.dial()
  const texts: string[] = []
  client.on('message', (data) => void texts.push(String(data)))
  return { client, connection, texts, outlet: fixture.acceptor.outlet }
}

describe('a prepared frame', () => {
  it.each([0, 125, 126, 65_535, 65_536])('of %i bytes is one unmasked text frame', (length) => {
    const { bytes, payloadStart } = prepareFrame('x'.repeat(length))

    expect(bytes[0]).toBe(0x81)
    expect(payloadStart).toBe(length < 126 ? 2 : length < 65_536 ? 4 : 10)
    expect(payloadOf({ bytes, payloadStart }).toString()).toBe('x'.repeat(length))
  })

  it('can be written past the queue of the installed ws', async () => {
    const { connection } = await dial()

    expect(canPrepareFrames()).toBe(true)
    expect(connection.isOpen).toBe(true)
  })
})

describe('a lane', () => {
  it('writes the frames of one turn together', async () => {
    const { connection, client, texts, outlet } = await dial()
    let chunks = 0
    // The cast: the client is ours, and counting what arrives needs its socket.
    const { _socket: socket } = client as unknown as { _socket: NodeJS.ReadableStream }
    socket.on('data', () => chunks++)

    for (let n = 0; n < 100; n++) connection.send(`frame ${n}`)
    expect(connection.bufferedBytes).toBeGreaterThan(900)
    outlet.flush()

    await eventually(() => texts.length === 100)
    expect(chunks).toBe(1)
    expect(texts[99]).toBe('frame 99')
  })

  it('keeps the order of gathered, immediate and binary messages', async () => {
    const { connection, client } = await dial()
    const seen: string[] = []
    client.on('message', (data, isBinary) => void seen.push(`${isBinary ? 'binary ' : ''}${data}`))

    connection.send('a')
    connection.lane.write(new Batch([prepareFrame('b'), prepareFrame('c')]))
    connection.send('d')
    connection.sendBinary(Buffer.from('e'))
    connection.send('f')

    await eventually(() => seen.length === 6)
    expect(seen).toEqual(['a', 'b', 'c', 'd', 'binary e', 'f'])
  })

  it('falls back to the library when ws does not look the way we know it', async () => {
    const { client } = await dial()
    const strange = Object.create(client, { _sender: { value: {} }, send: { value: send } })
    const sent: string[] = []
    function send(data: Buffer, options: { binary: boolean }, done: () => void) {
      sent.push(`${options.binary} ${data}`)
      setImmediate(done)
    }

    expect(rawOutput(strange)).toBeUndefined()
    const outlet = createOutlet()
    const lane = new Lane(strange, outlet, { onWritten: () => {} })
    lane.push(prepareFrame('one'))
    lane.push(prepareFrame('two'))
    outlet.flush()

    expect(sent).toEqual(['false one', 'false two'])
    let isDrained = false
    expect(lane.onceDrained(() => (isDrained = true))).toBe(true)
    await eventually(() => isDrained)
    expect(lane.onceDrained(() => {})).toBe(false)
  })

  it('does not cut into an unfinished send of the library', async () => {
    const { connection, client, texts } = await dial()
    // The cast: what ws does while it compresses or reads a Blob, done by hand.
    const busy = { _state: 1, _queue: [] as unknown[] }
    const websocket = Object.create(client, { _sender: { value: busy } }) as WebSocket
    const raw = rawOutput(websocket)

    expect(raw?.isFree()).toBe(false)
    busy._state = 0
    expect(raw?.isFree()).toBe(true)
    busy._queue.push('waiting')
    expect(raw?.isFree()).toBe(false)
    connection.send('unharmed')
    await eventually(() => texts.length === 1)
  })

  it('leaves compressing sockets to the library', async () => {
    const { client } = await dial()
    const compressing = Object.create(client, { _extensions: { value: { 'permessage-deflate': {} } } })

    expect(rawOutput(compressing)).toBeUndefined()
    expect(rawOutput(client)).toBeDefined()
    expect(client.readyState).toBe(WebSocket.OPEN)
  })
})
