import type { Log } from '@parley/kernel/log'
import { eventually } from '@parley/testkit'
import { describe, expect, it } from 'vitest'
import { attached, FakeLink, gatewayOf, key, quiet, startNode } from './deliveries.test.support.js'
import { open, sibling, stranger } from './three-instances.test.support.js'

describe('the end of a socket', () => {
  it('makes its instance buffered under a new epoch', async () => {
    const { node, stateOf } = await open()
    const link = await attached(node, key)
    const live = await node.deps.store.instances.find(key)
    await link.cut()

    expect(await stateOf()).toBe('vacant')
    expect((await node.deps.store.instances.find(key))!.epoch).toBeGreaterThan(live!.epoch)
  })

  it('is dealt with once the store is back', async () => {
    let isAway = false
    const commit =
      (given: Log['commit']): Log['commit'] =>
      async (unit) => {
        if (isAway) throw new Error('the store is away')
        return await given(unit)
      }
    const { node, clock, stateOf } = await open({ commit })
    const link = await attached(node, key)
    isAway = true
    const gone = link.cut()
    await eventually(() => node.deps.faults.length > 0)
    expect(await stateOf()).toBe('live')

    isAway = false
    await clock.advance(5_000)
    await gone

    expect(await stateOf()).toBe('vacant')
  })

  it('leaves nothing behind when everything stops', async () => {
    const { node, clock, stateOf } = await open()
    const [link] = [await attached(node, key), await attached(node, sibling)]
    await node.receive(key, 'a')
    await link.got(1)
    await node.deliveries.stop()

    expect([await stateOf(), await stateOf(sibling)]).toEqual(['vacant', 'vacant'])
    await node.receive(key, 'b')
    await quiet(node)
    expect(link.texts).toEqual(['a'])
    expect(clock.pending).toBe(0)
  })
})

describe('a node that starts', () => {
  it('finds nobody live on a database of its own', async () => {
    const { node, ground, stateOf } = await open()
    const row = (await node.deps.store.instances.find(key))!
    const to = {
      state: 'live',
      node: 'an earlier life',
      epoch: 1,
      liveUntil: Number.MAX_SAFE_INTEGER,
    } as const
    await ground.log.commit({ ops: [node.deps.store.instances.move(key, row, to)], appends: [] })
    await node.deliveries.stop()

    const again = await startNode(ground)

    expect(await stateOf()).toBe('vacant')
    await again.deliveries.stop()
  })

  it('keeps saying that its instances are live', async () => {
    const { node, clock } = await open()
    await attached(node, key)

    for (let beat = 0; beat < 3; beat++) {
      await clock.advance(10_000)
      await eventually(async () => {
        const { liveUntil } = (await node.deps.store.instances.find(key))!
        return liveUntil === clock.micros() + 30_000_000
      })
    }
  })
})

describe('revoking', () => {
  it('closes the sockets of a gateway, or of all of an instance, with 4401', async () => {
    const { node } = await open()
    const [one, other, foreign] = [
      await attached(node, key),
      await attached(node, sibling),
      await attached(node, stranger),
    ]

    node.deliveries.revoke({ gatewayId: gatewayOf(key).gatewayId })
    node.deliveries.revoke(sibling)

    expect([one, other].map(({ closedWith }) => closedWith)).toEqual(
      Array(2).fill({ code: 4401, reason: 'unauthorized' }),
    )
    expect(foreign.isOpen).toBe(true)
    expect(node.deliveries.links()).toEqual([foreign])
  })

  it('is noticed within 30 s when nobody said so', async () => {
    const { node, clock, ground } = await open()
    const [link, other] = [await attached(node, key), await attached(node, sibling)]
    const { gatewayId } = gatewayOf(key)
    const revoked = node.deps.store.gateways.change(gatewayId, { revokedAt: 5 })
    await ground.log.commit({ ops: [revoked], appends: [] })

    await clock.advance(30_000)

    await eventually(() => link.closedWith?.code === 4401)
    expect(other.isOpen).toBe(true)
    await eventually(async () => {
      const row = await node.deps.store.gateways.find(gatewayOf(sibling).gatewayId)
      return row?.lastSeenAt === clock.micros()
    })
  })

  it('is not what befalls one that belongs to another instance now: its former sockets dial anew', async () => {
    const { node, clock, ground } = await open()
    const former = await attached(node, key)
    const { gatewayId } = gatewayOf(key)
    const { instanceId } = sibling
    await ground.log.commit({
      ops: [node.deps.store.gateways.change(gatewayId, { instanceId })],
      appends: [],
    })
    const moved = new FakeLink(node, sibling)
    Object.assign(moved, { gateway: { ...gatewayOf(sibling), gatewayId } })
    await node.deliveries.attach(moved)

    await clock.advance(30_000)

    await eventually(() => former.closedWith !== undefined)
    expect(former.closedWith).toEqual({ code: 1013, reason: 'moved to another instance' })
    expect(moved.isOpen).toBe(true)
  })

  it('of one that has just been let in is noticed when it takes over', async () => {
    const { node, ground } = await open()
    const { gatewayId } = gatewayOf(key)
    const revoked = node.deps.store.gateways.change(gatewayId, { revokedAt: 5 })
    await ground.log.commit({ ops: [revoked], appends: [] })
    const link = new FakeLink(node, key)

    await node.deliveries.attach(link)

    expect(link.closedWith).toEqual({ code: 4401, reason: 'unauthorized' })
  })

  // proves: relay.p22
  it('is told to nobody while the store is away', async () => {
    const { node, clock } = await open()
    const link = await attached(node, key)
    node.deps.store.gateways.find = async () => {
      throw new Error('the store is away')
    }

    await clock.advance(30_000)
    await eventually(() => node.deps.faults.length > 0)

    expect(link.isOpen).toBe(true)
  })
})
