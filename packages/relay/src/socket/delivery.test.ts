import { eventually } from '@parley/testkit'
import { describe, expect, it } from 'vitest'
import { greeted, key, openDoor } from './sockets.test.support.js'

describe('delivery over a socket', () => {
  // proves: relay.f17
  it('goes idle when asked: the acknowledgement is the last, and what comes is kept', async () => {
    const door = await openDoor()
    const peer = await greeted(door)
    await door.node.receive(key, 'a')
    const [first] = await peer.got('inbound')
    peer.send({ type: 'inbound_ack', bufferId: first!.bufferId }, { type: 'going_idle' })
    await peer.got('going_idle_ack')

    await door.node.receive(key, 'b')
    await peer.heard()
    expect(peer.frames.at(-1)).toEqual({ type: 'going_idle_ack' })
    peer.socket.close()
    const next = await greeted(door)

    const [kept] = await next.got('inbound')
    expect(kept).toMatchObject({ event: { text: 'b' } })
  })

  it('stays awake when it can not go idle', async () => {
    const door = await openDoor()
    const peer = await greeted(door)
    door.node.deliveries.goIdle = () => Promise.reject(new Error('not now'))
    peer.send({ type: 'going_idle' })
    await eventually(() => door.node.deps.faults.length === 1)
    await peer.heard()

    expect(peer.of('going_idle_ack')).toEqual([])
  })

  it('passes interrupts on, and counts those that are none', async () => {
    const door = await openDoor()
    const peer = await greeted(door)
    const asked: unknown[] = []
    door.node.deliveries.interrupt = async (from, sessionKey) =>
      void asked.push([from.instanceId, sessionKey])
    peer.send(
      { type: 'interrupt', session_key: 's1', reason: 'user typed /stop' },
      { type: 'interrupt', session_key: 5, reason: null },
      { type: 'interrupt' },
      { type: 'inbound_ack', bufferId: {} },
    )
    await eventually(() => door.node.deps.tally.read()['frames.malformed'] === 3)

    expect(asked).toEqual([['i1', 's1']])
  })

  // proves: relay.s20
  it('closes a gateway that does not read, keeps its events, and others do not notice', async () => {
    const door = await openDoor()
    await door.node.addInstance({ tenant: 'org-17', instanceId: 'i2' })
    const [stuck, other] = [await greeted(door), await greeted(door, { token: 'org-17/i2' })]
    stuck.socket.pause()
    const large = 'x'.repeat(400_000)
    const texts = Array.from({ length: 40 }, (_, index) => `${index} ${large}`)
    await door.node.receive(key, ...texts)
    await eventually(() => door.node.deliveries.links().some((link) => link.isCongested))

    await door.node.receive({ tenant: 'org-17', instanceId: 'i2' }, 'small')
    await other.got('inbound')
    await door.clock.advance(35_000)
    await eventually(() => door.node.deliveries.links().length === 1)
    stuck.socket.terminate()

    await eventually(async () => (await door.node.deps.store.instances.find(key))?.state === 'vacant')
    expect(await door.node.pending(key)).not.toHaveLength(0)
    const next = await greeted(door)
    expect(await next.got('inbound')).toHaveLength(1)
  })
})
