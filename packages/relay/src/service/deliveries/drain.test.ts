import { eventually, fakeClock, testGrounds } from '@parley/testkit'
import { describe, expect, it, onTestFinished } from 'vitest'
import { attached, key, type Node, type NodeOptions, quiet, startNode } from './deliveries.test.support.js'

const grounds = await testGrounds()
const numbered = (count: number) => Array.from({ length: count }, (_, index) => `m${index + 1}`)

describe.each(grounds)('the backlog on $name', (kind) => {
  const open = async (options: NodeOptions = {}) => {
    const clock = fakeClock()
    const { ground, close } = await kind.open({ clock })
    onTestFinished(close)
    const node = await startNode(ground, options)
    await node.addInstance(key)
    return { node, clock }
  }

  // proves: relay.f18 relay.s10
  it('arrives whole, in order and once acknowledged never again, wherever the gateway is killed', async () => {
    const { node } = await open()
    const texts = numbered(50)
    await node.receive(key, ...texts)
    let acked = 0
    const handled: string[] = []

    for (const kill of [0, 1, 2, 5, 0, 17, 3]) {
      const link = await attached(node, key, { acks: kill })
      // The one after the last acknowledged was sent and is lost with the gateway.
      await link.got(kill + 1)
      await eventually(async () => (await node.pending(key)).length === 50 - acked - kill)
      expect(link.texts).toEqual(texts.slice(acked, acked + kill + 1))
      handled.push(...link.texts.slice(0, kill))
      acked += kill
      await link.cut()
    }
    const last = await attached(node, key, { acks: 50 })
    await last.got(50 - acked)
    handled.push(...last.texts)

    expect(handled).toEqual(texts)
    await eventually(async () => (await node.pending(key)).length === 0)
    expect(node.deps.faults).toEqual([])
  })

  it('comes one at a time, byte for byte as before, and live events wait behind it', async () => {
    const { node } = await open()
    await node.receive(key, 'a', 'b')

    const first = await attached(node, key)
    await first.got(1)
    await node.receive(key, 'live')
    await quiet(node)
    expect(first.texts).toEqual(['a'])
    await first.cut()

    const second = await attached(node, key)
    await second.got(1)
    expect(second.frames[0]).toEqual(first.frames[0])
    await second.ack(second.bufferIds[0]!)
    await second.got(2)
    await second.ack(second.bufferIds[1]!)
    expect(await second.got(3)).toEqual(['a', 'b', 'live'])
  })

  it('stops after 60 s without an acknowledgement and leaves the rest to the next socket', async () => {
    const { node, clock } = await open()
    await node.receive(key, 'a', 'b')
    const silent = await attached(node, key)
    await silent.got(1)

    await clock.advance(60_000)
    await node.receive(key, 'c')
    await quiet(node)
    expect(silent.texts).toEqual(['a'])
    await silent.cut()

    const next = await attached(node, key, { acks: 3 })
    expect(await next.got(3)).toEqual(['a', 'b', 'c'])
  })

  it('goes on when the acknowledgement comes late', async () => {
    const { node, clock } = await open()
    await node.receive(key, 'a', 'b')
    const slow = await attached(node, key)
    await slow.got(1)
    await clock.advance(61_000)

    await slow.ack(slow.bufferIds[0]!)

    expect(await slow.got(2)).toEqual(['a', 'b'])
  })

  it('does not wait for forwards, which many gateways never acknowledge', async () => {
    const { node } = await open()
    await node.receiveForward(key, 'press')
    await node.receive(key, 'a')
    await node.receiveForward(key, 'press again')
    await node.receive(key, 'b')

    const link = await attached(node, key)
    expect(await link.got(2)).toEqual(['press', 'a'])
    await link.ack(link.bufferIds[1]!)
    expect(await link.got(4)).toEqual(['press', 'a', 'press again', 'b'])
  })

  it('widens with the window that is set', async () => {
    const { node } = await open({ limits: { drainWindow: 3 } })
    await node.receive(key, ...numbered(5))

    const link = await attached(node, key)
    await link.got(3)
    await quiet(node)
    expect(link.texts).toEqual(['m1', 'm2', 'm3'])

    await link.ack(link.bufferIds[0]!)
    expect(await link.got(4)).toEqual(['m1', 'm2', 'm3', 'm4'])
  })
})

const [inMemory] = grounds
const openMemory = async (
  options: NodeOptions = {},
): Promise<{ node: Node; clock: ReturnType<typeof fakeClock> }> => {
  const clock = fakeClock()
  const { ground, close } = await inMemory!.open({ clock })
  onTestFinished(close)
  const node = await startNode(ground, options)
  await node.addInstance(key)
  return { node, clock }
}

describe('forwards', () => {
  // proves: relay.p10
  it('come four times at most, then they are gone', async () => {
    const { node } = await openMemory()
    await node.receiveForward(key, 'press')
    for (let round = 1; round <= 4; round++) {
      const link = await attached(node, key)
      await link.got(1)
      await eventually(async () => (await node.pending(key))[0]?.deliveries === round)
      await link.cut()
    }

    const fifth = await attached(node, key)
    await node.receive(key, 'a')

    expect(await fifth.got(1)).toEqual(['a'])
    expect((await node.pending(key)).map(({ kind }) => kind)).toEqual(['inbound'])
    expect(node.deps.tally.read()['buffer.dropped']).toBe(1)
  })

  it('are not sent when they are older than what could be answered with them', async () => {
    const { node, clock } = await openMemory()
    await node.receiveForward(key, 'press')
    await clock.advance(900_000)
    await node.receive(key, 'a')

    const link = await attached(node, key)

    expect(await link.got(1)).toEqual(['a'])
  })
})

describe('a gateway that never acknowledges', () => {
  it('gets what comes, and each is settled after a minute on an open socket', async () => {
    const { node, clock } = await openMemory()
    const link = await attached(node, key)
    await node.receive(key, 'a', 'b')
    expect(await link.got(2)).toEqual(['a', 'b'])
    expect(await node.pending(key)).toHaveLength(2)

    await clock.advance(60_000)
    await eventually(async () => (await node.pending(key)).length === 0)
    await node.receive(key, 'c')

    expect(await link.got(3)).toEqual(['a', 'b', 'c'])
  })

  it('gets its backlog without waiting once it is known to be one', async () => {
    const { node, clock } = await openMemory()
    const before = await attached(node, key)
    await node.receive(key, 'a')
    await before.got(1)
    await clock.advance(60_000)
    await eventually(async () => (await node.pending(key)).length === 0)
    await before.cut()
    await node.receive(key, 'b', 'c')

    const link = await attached(node, key)

    expect(await link.got(2)).toEqual(['b', 'c'])
  })

  it('gets its backlog without waiting on its third socket, when the first two were of no avail', async () => {
    const { node, clock } = await openMemory()
    await node.receive(key, 'a', 'b', 'c')
    for (let deliveries = 1; deliveries <= 2; deliveries++) {
      const link = await attached(node, key)
      await link.got(1)
      await clock.advance(60_000)
      await eventually(async () => (await node.pending(key))[0]?.deliveries === deliveries)
      expect(link.texts).toEqual(['a'])
      await link.cut()
    }

    const third = await attached(node, key)

    expect(await third.got(3)).toEqual(['a', 'b', 'c'])
  })

  it('keeps everything of one that has acknowledged once', async () => {
    const { node, clock } = await openMemory()
    const link = await attached(node, key, { acks: 1 })
    await node.receive(key, 'a', 'b')
    await link.got(2)
    await eventually(async () => (await node.pending(key)).length === 1)

    await clock.advance(300_000)
    await quiet(node)

    expect((await node.pending(key)).map(({ bufferId }) => bufferId)).toEqual([link.bufferIds[1]])
  })
})
