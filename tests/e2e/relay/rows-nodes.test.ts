import { eventually, fakeClock, nodePairs } from '@parley/testkit'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { discord, type Plane, planeOn } from './support/plane.js'

const { pairs, close } = await nodePairs()
afterAll(close)

const direct = { userId: 'ana', chatId: 'direct-ana', chatType: 'dm' } as const
const numbers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, n) => String(from + n))

describe.each(pairs)('two connectors over $bus', ({ open }) => {
  /** Each with a ground of its own; one of them takes in what the platform brings. */
  const openPair = async () => {
    const clock = fakeClock()
    const opened = await open({ clock })
    onTestFinished(opened.close)
    const planes: Plane[] = []
    for (const ground of opened.nodes) planes.push(await planeOn(ground, { clock }))
    const [first, second] = planes as [Plane, Plane]
    const gateway = await first.enrol('org-a', 'a', { people: ['ana'] })
    // Bots are learned of by a hint.
    await eventually(() => second.operator.sim({}, discord))
    return { clock, first, second, gateway, another: opened.another }
  }

  // proves: relay.f29
  test('what one takes in, the one with the socket delivers, once', async () => {
    const { first, second, gateway } = await openPair()
    for (const [near, far] of [
      [first, second],
      [second, first],
    ] as const) {
      const peer = await far.greet(gateway)
      peer.isAcking = true
      for (const text of numbers(1, 20)) await near.sim().say({ ...direct, text })
      await peer.got('inbound', 20)
      await peer.read()
      expect(peer.heard).toEqual(numbers(1, 20))
      // What it says goes out, wherever the bot is.
      const sent = await far.ask(peer, { op: 'send', chat_id: 'direct-ana', content: 'hi' })
      expect(sent).toMatchObject({ success: true })
      await eventually(() =>
        near
          .sim()
          .messages('direct-ana')
          .some(({ id }) => id === sent.message_id),
      )
      peer.kill()
    }
  })

  // proves: relay.f29
  test('the same update at both is one message', async () => {
    const { first, second, gateway } = await openPair()
    const peer = await second.greet(gateway)
    peer.isAcking = true
    await first.sim().say({ ...direct, messageId: 'm1', text: 'once' })
    await Promise.all(
      [first, second, first, second].map((plane) =>
        plane.sim().say({ ...direct, messageId: 'm1', text: 'once' }),
      ),
    )
    await first.sim().say({ ...direct, text: 'end' })
    await eventually(() => peer.heard.includes('end'))
    expect(peer.heard).toEqual(['once', 'end'])
  })

  // proves: relay.f29, relay.s10
  test('one that ends in the middle leaves the rest to the other, in order and once', async () => {
    const { clock, first, second, gateway } = await openPair()
    const peer = await second.greet(gateway)
    for (const text of numbers(1, 10)) await first.sim().say({ ...direct, text })
    const early = (await peer.got('inbound', 4)).slice(0, 4)
    peer.ack(...early.map(({ bufferId }) => bufferId))
    await eventually(async () => (await first.operator.listInstances({}))[0]!.buffer.entries === 6)
    await second.stop()
    for (const text of numbers(11, 15)) await first.sim().say({ ...direct, text })
    await clock.advance(31_000)
    const again = await first.dial(gateway)
    again.isAcking = true
    await again.hello(discord)
    await again.got('inbound', 11)
    await again.read()
    expect(again.heard).toEqual(numbers(5, 15))
  })

  // proves: relay.f29
  test('the latest handshake has the events, wherever it is; the older socket stays good for the rest', async () => {
    const { first, second, gateway } = await openPair()
    const older = await first.greet(gateway)
    older.isAcking = true
    await first.sim().say({ ...direct, text: 'one' })
    await older.got('inbound')
    const newer = await second.dial(gateway)
    newer.isAcking = true
    await newer.hello(discord)
    await eventually(async () => {
      await first.sim().say({ ...direct, text: 'probe' })
      return newer.heard.length > 0
    })
    const taken = older.heard.length
    for (const text of numbers(1, 5)) await first.sim().say({ ...direct, text })
    await eventually(() => newer.heard.at(-1) === '5')
    expect(older.heard).toHaveLength(taken)
    expect(await first.ask(older, { op: 'send', chat_id: 'direct-ana', content: 'x' })).toMatchObject({
      success: true,
    })
    expect(older.closed).toBeUndefined()
  })

  // proves: relay.f29, relay.f17
  test('idling, interrupts and revocation reach the other', async () => {
    const { first, second, gateway } = await openPair()
    const sibling = await first.enrol('org-a', 'a2', { people: ['al'] })
    const peer = await second.greet(gateway)
    const caller = await first.greet(sibling)
    await first.sim().say({ ...direct, text: 'one' })
    const [{ bufferId }] = await peer.got('inbound')
    peer.ack(bufferId)
    caller.send({ type: 'interrupt', session_key: 'agent:main:discord:dm:direct-ana', reason: '/stop' })
    expect(await peer.got('interrupt_inbound')).toEqual([
      { type: 'interrupt_inbound', session_key: 'agent:main:discord:dm:direct-ana', chat_id: 'direct-ana' },
    ])
    // On a socket that the instance has at the other node.
    const elsewhere = await first.dial(gateway)
    await elsewhere.hello(discord)
    elsewhere.send({ type: 'going_idle' })
    await elsewhere.got('going_idle_ack')
    await first.sim().say({ ...direct, text: 'asleep' })
    await Promise.all([peer.read(), elsewhere.read()])
    expect([peer.heard, elsewhere.heard]).toEqual([['one'], []])

    await first.operator.revokeGateway({}, gateway.gatewayId)
    for (const gone of [peer, elsewhere])
      expect(await gone.closedWith()).toEqual({ code: 4401, reason: 'unauthorized' })
    await caller.read()
    expect(caller.closed).toBeUndefined()
  })

  // proves: relay.f29, relay.f16
  test('a capability that one has bound works at the other, and is on no bus', async () => {
    const { first, second, gateway } = await openPair()
    const heard: string[] = []
    for (const { ground } of [first, second])
      onTestFinished(ground.bus.onSignal((_, payload) => void heard.push(payload)))
    const peer = await second.greet(gateway)
    await first.sim().say({ ...direct, text: 'hi' })
    await first.sim().command({ userId: 'ana', chatId: 'direct-ana', name: 'status' })
    await peer.got('passthrough_forward')
    const followUp = {
      op: 'follow_up',
      session_key: 'agent:main:discord:dm:direct-ana',
      kind: 'discord.interaction_token',
    }
    expect(await second.ask(peer, { ...followUp, content: 'All is well.' })).toMatchObject({ success: true })
    await eventually(() =>
      first
        .sim()
        .messages('direct-ana')
        .some(({ text }) => text === 'All is well.'),
    )
    expect(heard.join('\n')).not.toContain('sim-interaction-token')
  })
})
