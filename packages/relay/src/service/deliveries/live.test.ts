import type { Log, Tap } from '@parley/kernel/log'
import { eventually } from '@parley/testkit'
import { describe, expect, it } from 'vitest'
import { attached, key, quiet } from './deliveries.test.support.js'
import { open, sibling } from './three-instances.test.support.js'

describe('live delivery', () => {
  it('sends what comes at once, without waiting for acknowledgements', async () => {
    const { node, stateOf } = await open()
    const link = await attached(node, key)

    await node.receive(key, 'a', 'b', 'c')

    expect(await link.got(3)).toEqual(['a', 'b', 'c'])
    expect(await stateOf()).toBe('live')
    expect(await node.pending(key)).toHaveLength(3)
  })

  it('looks at the buffer again when its log may have missed something', async () => {
    const { node } = await open()
    const { log } = node.deps.ground
    let missed: Tap['missed']
    const deaf: Log['tap'] = (_, tap) => {
      missed = tap.missed
      return () => {}
    }
    const get = (target: Log, name: string | symbol) => (name === 'tap' ? deaf : Reflect.get(target, name))
    Object.assign(node.deps.ground, { log: new Proxy(log, { get }) })
    const link = await attached(node, key)
    await quiet(node)
    await node.receive(key, 'a')
    await quiet(node)
    expect(link.texts).toEqual([])

    missed?.()

    expect(await link.got(1)).toEqual(['a'])
  })

  it('counts what was sent and not acknowledged at once', async () => {
    const { node, clock } = await open()
    const link = await attached(node, key)
    await node.receive(key, 'a', 'b')
    await link.got(2)

    await clock.advance(1_000)

    await eventually(async () => (await node.pending(key)).every(({ deliveries }) => deliveries === 1))
  })

  it('holds back when 256 are not acknowledged, and goes on with each that is', async () => {
    const { node } = await open()
    const link = await attached(node, key)
    const texts = Array.from({ length: 260 }, (_, index) => `m${index}`)
    await node.receive(key, ...texts)
    await link.got(256)
    await quiet(node)
    expect(link.texts).toHaveLength(256)

    await link.ack(link.bufferIds[7]!)
    expect(await link.got(257)).toEqual(texts.slice(0, 257))
  })

  // proves: relay.s20
  it('waits for a socket that does not take what it is sent, and others do not', async () => {
    const { node } = await open()
    const [stuck, other] = [await attached(node, key), await attached(node, sibling)]
    stuck.congest(true)
    await node.receive(key, 'a', 'b')
    await node.receive(sibling, 'x', 'y')

    expect(await other.got(2)).toEqual(['x', 'y'])
    expect(stuck.texts).toEqual([])
    stuck.congest(false)
    expect(await stuck.got(2)).toEqual(['a', 'b'])
  })

  it('leaves everything in the buffer when a stuck socket is closed', async () => {
    const { node, stateOf } = await open()
    const stuck = await attached(node, key)
    stuck.congest(true)
    await node.receive(key, 'a', 'b')

    stuck.close(1013, 'too slow')
    await eventually(async () => (await stateOf()) === 'vacant')

    expect(await (await attached(node, key, { acks: 2 })).got(2)).toEqual(['a', 'b'])
  })

  it('tries again after a fault of the store, and loses and reorders nothing', async () => {
    let failures = 0
    const { node, clock } = await open()
    const link = await attached(node, key)
    const { list } = node.deps.store.entries
    node.deps.store.entries.list = async (...asked) => {
      if (failures > 0 && failures--) throw new Error('the store is away')
      return await list(...asked)
    }

    failures = 3
    await node.receive(key, 'a')
    await node.receive(key, 'b', 'c')
    for (let round = 0; round < 4; round++) {
      await quiet(node)
      await clock.advance(2_000)
    }

    expect(await link.got(3)).toEqual(['a', 'b', 'c'])
    expect(failures).toBe(0)
    expect(node.deps.faults.map(String)).toEqual(Array(3).fill('Error: the store is away'))
  })
})

describe('two sockets of one instance', () => {
  it('events go to the latest, and to the older one when that is lost', async () => {
    const { node, stateOf } = await open()
    const older = await attached(node, key)
    const newer = await attached(node, key)
    await node.receive(key, 'a')
    expect(await newer.got(1)).toEqual(['a'])

    await newer.ack(newer.bufferIds[0]!)
    expect(older.texts).toEqual([])

    await newer.cut()
    await node.receive(key, 'b')

    expect(await older.got(1)).toEqual(['b'])
    expect(await stateOf()).toBe('live')
    await older.cut()
    expect(await stateOf()).toBe('vacant')
  })

  it('after going idle the older one gets nothing, whatever becomes of the latest', async () => {
    const { node, stateOf } = await open()
    const older = await attached(node, key)
    const newer = await attached(node, key)

    await node.deliveries.goIdle(newer)
    await newer.cut()
    await node.receive(key, 'a')
    await quiet(node)

    expect(older.texts).toEqual([])
    expect(await stateOf()).toBe('idle')
  })

  it('the older one closing changes nothing', async () => {
    const { node, stateOf } = await open()
    const older = await attached(node, key)
    const newer = await attached(node, key)

    await older.cut()
    await node.receive(key, 'a')

    expect(await newer.got(1)).toEqual(['a'])
    expect(await stateOf()).toBe('live')
  })

  it('one that another node has taken over sends nothing more, also when nobody told it', async () => {
    const { node, ground } = await open()
    const link = await attached(node, key)
    await node.receive(key, 'a')
    await link.got(1)
    const row = (await node.deps.store.instances.find(key))!
    const to = { state: 'live', node: 'elsewhere', epoch: row.epoch + 1, liveUntil: row.liveUntil } as const
    await ground.log.commit({ ops: [node.deps.store.instances.move(key, row, to)], appends: [] })

    await node.receive(key, 'b')
    await quiet(node)
    await link.cut()

    expect(link.texts).toEqual(['a'])
    expect(await node.deps.store.instances.find(key)).toMatchObject({ state: 'live', node: 'elsewhere' })
  })

  it('what the older one had not acknowledged comes to the newer one', async () => {
    const { node } = await open()
    const older = await attached(node, key)
    await node.receive(key, 'a', 'b')
    await older.got(2)
    await older.ack(older.bufferIds[0]!)

    const newer = await attached(node, key)

    expect(await newer.got(1)).toEqual(['b'])
    expect(newer.frames[0]).toEqual(older.frames[1])
  })
})
