import type { Ground } from '@parley/kernel/ground'
import { eventually, fakeClock, nodePairs, type TestGroundOptions } from '@parley/testkit'
import { afterAll, describe, expect, it, onTestFinished } from 'vitest'
import { attached, gatewayOf, key, type Node, quiet, startNode } from './deliveries.test.support.js'

const { pairs, close } = await nodePairs()
afterAll(close)

/** A ground whose nodes' news can be lost. */
function mutable(ground: Ground) {
  const gaps = new Set<() => void>()
  const line = {
    isDown: false,
    /** Says that something may have been lost. */
    gap: () => {
      for (const tell of gaps) tell()
    },
  }
  const signal: Ground['bus']['signal'] = (stream, text) => {
    if (!line.isDown) ground.bus.signal(stream, text)
  }
  const onGap = (tell: () => void) => {
    gaps.add(tell)
    return () => gaps.delete(tell)
  }
  const bus = new Proxy(ground.bus, {
    get: (target, name) => {
      if (name === 'signal') return signal
      if (name === 'onGap') return onGap
      const value = Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  return { ground: { ...ground, bus }, line }
}

describe.each(pairs)('two nodes over $bus', ({ open }) => {
  const openPair = async (options: TestGroundOptions = {}): Promise<[Node, Node]> => {
    const { nodes, close } = await open(options)
    onTestFinished(() => close())
    const [a, b] = [await startNode(nodes[0]), await startNode(nodes[1])]
    await a.addInstance(key)
    return [a, b]
  }

  // proves: relay.f29
  it('what one node receives arrives once at the socket of the other', async () => {
    const [a, b] = await openPair()
    const link = await attached(b, key, { acks: 3 })

    await a.receive(key, 'a', 'b', 'c')

    expect(await link.got(3)).toEqual(['a', 'b', 'c'])
    await eventually(async () => (await a.pending(key)).length === 0)
    expect(link.texts).toHaveLength(3)
  })

  // proves: relay.f29
  it('a node that dies leaves what was not acknowledged to the next', async () => {
    const [a, b] = await openPair()
    const onB = await attached(b, key, { acks: 2 })
    await a.receive(key, 'a', 'b', 'c')
    await onB.got(3)
    await eventually(async () => (await a.pending(key)).length === 1)
    // Without a word: its row still says that it is live.
    onB.isOpen = false

    await a.receive(key, 'd')
    const onA = await attached(a, key, { acks: 2 })

    expect(await onA.got(2)).toEqual(['c', 'd'])
    await eventually(async () => (await a.pending(key)).length === 0)
  })

  it('the later handshake takes over, and the older socket gets nothing more', async () => {
    const [a, b] = await openPair()
    const older = await attached(a, key)
    const newer = await attached(b, key)

    await a.receive(key, 'a')
    await b.receive(key, 'b')

    expect(await newer.got(2)).toEqual(['a', 'b'])
    await quiet(a)
    expect(older.texts).toEqual([])
    await older.cut()
    await a.receive(key, 'c')
    expect(await newer.got(3)).toEqual(['a', 'b', 'c'])
  })

  it('the older socket takes its events again when the newer one on the other node is lost', async () => {
    const [a, b] = await openPair()
    const older = await attached(a, key)
    const newer = await attached(b, key)

    await newer.cut()
    await b.receive(key, 'a')

    expect(await older.got(1)).toEqual(['a'])
  })

  it('the newest handshake keeps its events while the loss of the one before is told', async () => {
    const [a, b] = await openPair()
    const oldest = await attached(a, key)
    const lost = await attached(b, key)

    const cut = lost.cut()
    const newest = await attached(b, key)
    await cut
    await quiet(b)
    await b.receive(key, 'a', 'b')

    expect(await newest.got(2)).toEqual(['a', 'b'])
    expect(oldest.texts).toEqual([])
  })

  it('the older socket takes its events again when the node of the newer one has died', async () => {
    const clock = fakeClock()
    const [a, b] = await openPair({ clock })
    const older = await attached(a, key)
    const newer = await attached(b, key)

    // As when it is killed: nothing is told, and nothing given back.
    newer.isOpen = false
    const row = await b.deps.store.instances.find(key)
    const gone = {
      state: 'live',
      node: 'node_gone',
      epoch: row!.epoch + 1,
      liveUntil: clock.micros(),
    } as const
    const ops = [b.deps.store.instances.move(key, row!, gone)]
    await b.ground.log.commit({ ops, appends: [] })
    await a.receive(key, 'a')

    await eventually(async () => {
      await clock.advance(10_000)
      return older.texts.length > 0
    })
    expect(older.texts).toEqual(['a'])
  })

  describe('while what the second node says is lost', () => {
    const openMuted = async () => {
      const clock = fakeClock()
      const { nodes, close } = await open({ clock })
      onTestFinished(() => close())
      const [first, second] = [mutable(nodes[0]), mutable(nodes[1])]
      const [a, b] = [await startNode(first.ground), await startNode(second.ground)]
      await a.addInstance(key)
      /** Until the first node looks at the store again, and longer. */
      const looked = async () => {
        for (let second = 0; second < 90; second += 10) {
          await clock.advance(10_000)
          await quiet(a)
        }
      }
      return { a, b, line: second.line, gap: first.line.gap, looked, clock }
    }

    it('the older socket takes its events again when the newer one has left', async () => {
      const { a, b, line, clock } = await openMuted()
      const older = await attached(a, key)
      const newer = await attached(b, key)

      line.isDown = true
      await newer.cut()
      await b.receive(key, 'a')

      await eventually(async () => {
        await clock.advance(10_000)
        return older.texts.length > 0
      })
      expect(older.texts).toEqual(['a'])
    })

    it('the older socket takes its events again as soon as the loss is known', async () => {
      const { a, b, line, gap } = await openMuted()
      const older = await attached(a, key)
      const newer = await attached(b, key)

      line.isDown = true
      await newer.cut()
      await b.receive(key, 'a')
      gap()

      expect(await older.got(1)).toEqual(['a'])
    })

    it('the older socket takes its events again when the newer one has come and left', async () => {
      const { a, b, line, clock } = await openMuted()
      const older = await attached(a, key)

      line.isDown = true
      const newer = await attached(b, key)
      await newer.cut()
      await b.receive(key, 'a')

      await eventually(async () => {
        await clock.advance(10_000)
        return older.texts.length > 0
      })
      expect(older.texts).toEqual(['a'])
    })

    it('the older socket takes its events again when that node was stopped', async () => {
      const { a, b, clock } = await openMuted()
      const older = await attached(a, key)
      await attached(b, key)

      await b.deliveries.stop()
      await a.receive(key, 'a')

      await eventually(async () => {
        await clock.advance(10_000)
        return older.texts.length > 0
      })
      expect(older.texts).toEqual(['a'])
    })

    it('an instance that went idle there is left alone', async () => {
      const { a, b, line, looked } = await openMuted()
      const older = await attached(a, key)
      const newer = await attached(b, key)

      line.isDown = true
      await b.deliveries.goIdle(newer)
      await newer.cut()
      await b.receive(key, 'a')
      await looked()

      expect([...older.texts, ...newer.texts]).toEqual([])
      const next = await attached(a, key)
      expect(await next.got(1)).toEqual(['a'])
    })
  })

  it('a gateway that jumps between nodes loses nothing and sees nothing again that it acknowledged', async () => {
    const [a, b] = await openPair()
    const texts = Array.from({ length: 30 }, (_, index) => `m${index}`)
    const receiving = a.receive(key, ...texts)
    const handled: string[] = []
    for (let round = 0; handled.length < texts.length; round++) {
      const link = await attached([a, b][round % 2]!, key, { acks: 7 })
      await link.got(1)
      await link.got(Math.min(7, texts.length - handled.length))
      const acked = link.bufferIds.slice(0, 7)
      await eventually(async () => (await a.pending(key)).every(({ bufferId }) => !acked.includes(bufferId)))
      handled.push(...link.texts.slice(0, 7))
      void link.cut()
    }
    await receiving

    expect(handled).toEqual(texts)
    expect([...a.deps.faults, ...b.deps.faults]).toEqual([])
  })

  it('going idle stops whoever delivers, on whichever node', async () => {
    const [a, b] = await openPair()
    const older = await attached(a, key)
    const newer = await attached(b, key)

    await a.deliveries.goIdle(older)

    await b.receive(key, 'x')
    await quiet(b)
    expect(newer.texts).toEqual([])
    expect((await a.deps.store.instances.find(key))?.state).toBe('idle')
  })

  // proves: relay.f14
  it('an interrupt finds the instance on the other node', async () => {
    const [a, b] = await openPair()
    const sibling = { ...key, instanceId: 'i2' }
    await a.addInstance(sibling)
    const link = await attached(b, sibling)
    const ops = a.deps.store.routing.remember({
      ...sibling,
      platform: 'discord',
      botId: 'b1',
      chatId: 'C1',
      userId: 'U1',
      chatType: 'group',
      chatName: null,
      scopeId: null,
      threadId: null,
      sessionKey: 's',
      lastSeenAt: a.ground.clock.micros(),
    })
    await a.ground.log.commit({ ops, appends: [] })

    await a.deliveries.interrupt(gatewayOf(key), 's')

    expect(link.frames).toEqual([{ type: 'interrupt_inbound', session_key: 's', chat_id: 'C1' }])
    expect(a.deps.tally.read()['interrupts.missed']).toBeUndefined()
  })

  // proves: relay.f21
  it('revoking closes sockets on every node', async () => {
    const [a, b] = await openPair()
    const link = await attached(b, key)

    a.deliveries.revoke(key)

    await eventually(() => link.closedWith?.code === 4401)
  })
})
