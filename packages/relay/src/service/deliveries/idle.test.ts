import type { Log } from '@parley/kernel/log'
import { eventually, fakeClock, testGrounds } from '@parley/testkit'
import { describe, expect, it, onTestFinished } from 'vitest'
import {
  attached,
  type FakeLink,
  key,
  type NodeOptions,
  quiet,
  startNode,
} from './deliveries.test.support.js'

const sibling = { tenant: 'org-17', instanceId: 'i2' }

describe.each(await testGrounds())('going idle on $name', (kind) => {
  const open = async (options: NodeOptions = {}) => {
    const clock = fakeClock()
    const { ground, close } = await kind.open({ clock })
    onTestFinished(close)
    const node = await startNode(ground, options)
    for (const one of [key, sibling]) await node.addInstance(one)
    return { node, clock }
  }

  // proves: relay.f17
  it('sends nothing after it is done, and keeps what comes for the next socket', async () => {
    const { node } = await open()
    const link = await attached(node, key)
    await node.deliveries.goIdle(link)

    await node.receive(key, 'a', 'b')
    await quiet(node)
    expect(link.texts).toEqual([])
    expect(node.woken).toContainEqual(key)

    const next = await attached(node, key, { acks: 2 })
    expect(await next.got(2)).toEqual(['a', 'b'])
  })

  // proves: relay.f17
  it('loses and repeats nothing of what races it', async () => {
    const { node } = await open()
    const handled: string[] = []
    const texts = Array.from({ length: 40 }, (_, index) => `m${index}`)
    const receiving = node.receive(key, ...texts)

    while (handled.length < texts.length) {
      const link = await attached(node, key, { acks: 100 })
      await link.got(1)
      await node.deliveries.goIdle(link)
      const before = [...link.texts]
      await quiet(node)
      expect(link.texts).toEqual(before)
      handled.push(...before)
      // What it was sent is acknowledged before it goes.
      await eventually(async () =>
        (await node.pending(key)).every(({ bufferId }) => !link.bufferIds.includes(bufferId)),
      )
      await link.cut()
    }
    await receiving

    expect(handled).toEqual(texts)
  })

  it('sends nothing that was being read when it was asked for', async () => {
    const { node } = await open()
    const link = await attached(node, key)
    await node.receive(key, 'before')
    await link.got(1)
    await quiet(node)
    const { list } = node.deps.store.entries
    let letGo = () => {}
    let isReading = false
    node.deps.store.entries.list = async (...asked) => {
      const entries = await list(...asked)
      if (entries.length > 0 && !isReading) {
        isReading = true
        await new Promise<void>((resolve) => {
          letGo = resolve
        })
      }
      return entries
    }
    await node.receive(key, 'a')
    await eventually(() => isReading)

    await node.deliveries.goIdle(link)
    letGo()
    await quiet(node)

    expect(link.texts).toEqual(['before'])
    expect(await node.pending(key)).toHaveLength(2)
  })

  // proves: relay.s9
  it('concerns no other instance', async () => {
    const { node } = await open()
    const [link, other] = [await attached(node, key), await attached(node, sibling)]

    await node.deliveries.goIdle(link)
    await node.receive(sibling, 'x')

    expect(await other.got(1)).toEqual(['x'])
  })

  it('may be asked for by an older socket, and again', async () => {
    const { node } = await open()
    const older = await attached(node, key)
    const newer = await attached(node, key)

    await node.deliveries.goIdle(older)
    await node.deliveries.goIdle(older)
    await node.receive(key, 'a')
    await quiet(node)

    expect([...older.texts, ...newer.texts]).toEqual([])
  })

  it('pokes when events wait that were not sent any more', async () => {
    const { node } = await open()
    const link = await attached(node, key)
    link.congest(true)
    await node.receive(key, 'a')
    node.woken.length = 0

    await node.deliveries.goIdle(link)

    expect(node.woken).toEqual([key])
  })

  const openFailing = async () => {
    const store = { isAway: false }
    const commit =
      (given: Log['commit']): Log['commit'] =>
      async (unit) => {
        if (store.isAway) throw new Error('the store is away')
        return await given(unit)
      }
    const { node, clock } = await open({ commit })
    /** Asks while the store is away. */
    const refuse = async (link: FakeLink) => {
      store.isAway = true
      const refused = expect(node.deliveries.goIdle(link)).rejects.toMatchObject({
        code: 'relay.unavailable',
      })
      await eventually(() => node.deps.faults.length > 0)
      await clock.advance(8_000)
      await refused
      store.isAway = false
    }
    return { node, clock, refuse }
  }

  it('is refused when the store does not take it in time, and events come as before', async () => {
    const { node, clock, refuse } = await openFailing()
    const link = await attached(node, key)

    await refuse(link)

    await node.receive(key, 'a')
    await eventually(async () => {
      await clock.advance(1_000)
      return link.texts.length > 0
    })
    expect(link.texts).toEqual(['a'])
  })

  it('is still so for an older socket when a later one was refused it, and is lost', async () => {
    const { node, clock, refuse } = await openFailing()
    const older = await attached(node, key)
    await node.deliveries.goIdle(older)
    const newer = await attached(node, key)

    await refuse(newer)
    const cut = newer.cut()
    await eventually(async () => {
      await clock.advance(1_000)
      return (await node.deps.store.instances.find(key))?.state !== 'live'
    })
    await cut
    await node.receive(key, 'a')
    await clock.advance(60_000)
    await quiet(node)

    expect(older.texts).toEqual([])
  })
})
