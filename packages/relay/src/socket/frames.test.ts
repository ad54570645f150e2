import { eventually } from '@parley/testkit'
import { describe, expect, it } from 'vitest'
import { greeted, key, openDoor, outbound } from './sockets.test.support.js'

describe('framing', () => {
  // proves: relay.f5
  it('takes two frames in one message, one in three, and passes over what is none', async () => {
    const door = await openDoor()
    const peer = await greeted(door)
    const [one, two, three] = ['1', '2', '3'].map((id) => JSON.stringify(outbound(id)))
    peer.sendText(`${one}\n${two}\n`)
    for (const part of [three!.slice(0, 5), three!.slice(5, 40), `${three!.slice(40)}\n`]) peer.sendText(part)
    for (const junk of ['\n', '   \n', '{oops\n', '[1]\n', '7\n', 'null\n', '"hello"\n']) peer.sendText(junk)
    peer.send({ type: 'later version' }, { type: 'descriptor', descriptor: {} }, { no: 'type' })
    peer.send({ type: 'inbound', event: {} }, { type: 5 })
    peer.send(outbound('4'))

    const results = await peer.got('outbound_result', 4)
    expect(results.map(({ requestId }) => requestId)).toEqual(['1', '2', '3', '4'])
    expect(door.node.deps.tally.read()['frames.malformed']).toBe(5)
    expect(peer.closed).toBeUndefined()
  })

  it('sends one frame in each message, ended by a newline', async () => {
    const door = await openDoor()
    const peer = await greeted(door)
    await door.node.receive(key, 'a', 'b\n')
    await peer.got('inbound', 2)

    for (const message of peer.messages) {
      expect(message.endsWith('\n')).toBe(true)
      expect(message.indexOf('\n')).toBe(message.length - 1)
    }
  })

  // proves: relay.s17
  it.each([
    [
      'a line of more than 1 MiB without an end',
      async (send: (text: string) => void) => {
        for (let part = 0; part < 5; part++) send('x'.repeat(256 * 1024))
      },
    ],
    [
      'a message of more than 1 MiB',
      async (send: (text: string) => void) => send('x'.repeat(1024 * 1024 + 1)),
    ],
  ])('closes %s with 1009, and others go on', async (_, attack) => {
    const door = await openDoor()
    await door.node.addInstance({ tenant: 'org-17', instanceId: 'i2' })
    const [hostile, other] = [await greeted(door), await greeted(door, { token: 'org-17/i2' })]

    await attack((text) => hostile.sendText(text))

    expect((await hostile.closedWith()).code).toBe(1009)
    other.send(outbound('1'))
    await other.got('outbound_result')
  })

  // proves: relay.s17
  it('survives deep nesting, junk by the thousand and binary', async () => {
    const door = await openDoor({ options: { limits: { framesPerSecond: 100_000 } } })
    const peer = await greeted(door)
    peer.sendText(
      `{"type":"outbound","requestId":"1","action":${'['.repeat(100_000)}${']'.repeat(100_000)}}\n`,
    )
    peer.sendText('x\n'.repeat(20_000))
    peer.send(outbound('2'))

    await peer.got('outbound_result')
    expect(peer.of('outbound_result').map(({ requestId }) => requestId)).toEqual(['2'])
    expect(door.node.deps.tally.read()['frames.malformed']).toBe(20_001)
    peer.socket.send(Buffer.from('{}'), { binary: true })
    expect((await peer.closedWith()).code).toBe(1003)
    expect(door.node.deps.faults).toEqual([])
  })

  it('reads no faster than it may, and loses nothing', async () => {
    const door = await openDoor({ options: { limits: { framesPerSecond: 10 } } })
    const peer = await greeted(door)
    peer.sendText(
      Array.from({ length: 25 }, (_, index) => `${JSON.stringify(outbound(`${index}`))}\n`).join(''),
    )

    // One of the first ten was the hello.
    await eventually(() => door.performed.length === 9)
    await door.clock.advance(500)
    expect(door.performed.length).toBe(14)
    await door.clock.advance(2_000)

    await peer.got('outbound_result', 25)
    expect(door.performed.map(({ requestId }) => Number(requestId))).toEqual([...Array(25).keys()])
  })

  // proves: relay.s17
  it('reads long lines more slowly than short ones', async () => {
    const door = await openDoor({ options: { limits: { framesPerSecond: 100 } } })
    const peer = await greeted(door)
    const long = `${'x'.repeat(512 * 1024)}\n`
    // Of 100 lines the hello has taken one, and each of these 33.
    peer.sendText(long)
    peer.sendText(long)
    peer.sendText(`${long}${JSON.stringify(outbound('1'))}\n`)

    await eventually(() => door.node.deps.tally.read()['frames.malformed'] === 3)
    expect(door.performed).toEqual([])
    await door.clock.advance(10)
    await peer.got('outbound_result')
  })
})
