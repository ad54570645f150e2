import { describe, expect, test } from 'vitest'
import { bothGrounds, nobodys, openPlane } from '../support/plane.js'
import { chats, openTwoTenants } from '../support/two-tenants.js'

// proves: relay.s9
test.each(bothGrounds)('acknowledging and idling concern the own instance alone, on $name', async (on) => {
  const plane = await openPlane({ on })
  const a = await plane.enrol('org-a', 'a', { people: ['ana'] })
  const sibling = await plane.enrol('org-a', 'a2', { people: ['al'] })
  const b = await plane.enrol('org-b', 'b', { people: ['ben'] })
  const peer = await plane.greet(a)
  const others = [await plane.greet(b), await plane.greet(sibling)]
  await plane.sim().say({ userId: 'ana', chatId: 'direct-ana', chatType: 'dm', text: 'one' })
  const [first] = await peer.got('inbound')

  for (const other of others) {
    other.ack(first.bufferId, nobodys())
    other.send({
      type: 'inbound_ack',
      bufferId: first.bufferId,
      instanceId: 'inst-a',
      tenant: 'org-a',
      gatewayId: 'gw-a',
    })
    other.send({ type: 'going_idle', instanceId: 'inst-a', gatewayId: 'gw-a', tenant: 'org-a' })
    await other.got('going_idle_ack')
    await other.read()
  }
  await plane.sim().say({ userId: 'ana', chatId: 'direct-ana', chatType: 'dm', text: 'two' })

  expect((await peer.got('inbound', 2)).map(({ event }) => event.text)).toEqual(['one', 'two'])
  expect(plane.operator.counts()['acks.unknown']).toBeGreaterThanOrEqual(6)
  peer.kill()
  const again = await plane.dial(a)
  await again.hello({ platform: 'discord', botId: '1180000000000000001' })
  const [redelivered] = await again.got('inbound')
  expect(redelivered).toEqual(first)
  expect(others.flatMap((other) => other.of('inbound'))).toEqual([])
})

describe('a capability', () => {
  const kind = 'discord.interaction_token'
  const followUp = (session_key: string, more = {}) => ({
    op: 'follow_up',
    session_key,
    kind,
    content: 'from somebody else',
    metadata: {},
    ...more,
  })
  const unavailable =
    '{"type":"outbound_result","requestId":"*","result":{"success":false,"error":"capability unavailable"}}\n'

  // proves: relay.s11, relay.s3, relay.f16
  test('of another tenant is the same as none, and as one whose time is over', async () => {
    const { plane, a, b, known } = await openTwoTenants()
    const sibling = await plane.greet(await plane.enrol('org-a', 'a2', { people: ['al'] }))
    const keys = [
      known.sessionKey,
      `agent:main:relay:channel:${chats.a}:ana`,
      `agent:main:discord:group:${chats.both}:ana`,
    ]
    for (const key of [...keys, nobodys(), `agent:main:discord:group:${chats.b}:ben`])
      for (const peer of [b.peer, sibling])
        expect(await plane.answer(peer, followUp(key)), key).toBe(unavailable)
    expect(await plane.answer(a.peer, followUp(known.sessionKey, { kind: 'discord.bot_token' }))).toBe(
      unavailable,
    )

    expect(
      JSON.parse(await plane.answer(a.peer, followUp(known.sessionKey, { content: 'of A' }))).result,
    ).toMatchObject({ success: true })
    await plane.clock.advance(870_000)
    for (const peer of [a.peer, b.peer])
      for (const key of [known.sessionKey, nobodys()])
        expect(await plane.answer(peer, followUp(key))).toBe(unavailable)
    expect(JSON.stringify(plane.sim().messages(chats.a))).not.toContain('from somebody else')
  })

  // proves: relay.s11, relay.s6
  test('is not had by asking with credentials of its own', async () => {
    const { plane, b, known } = await openTwoTenants()
    for (const more of [
      { token: 'x' },
      { secret: 'x' },
      { authorization: 'x' },
      { tenant: 'org-a', instanceId: 'inst-a' },
    ])
      expect(await plane.answer(b.peer, followUp(known.sessionKey, more))).toBe(unavailable)
    expect(plane.faults).toEqual([])
  })
})

// proves: relay.s2, relay.f14
test('an interrupt reaches the session of the sender’s tenant, also where keys are equal', async () => {
  const plane = await openPlane()
  const a = await plane.enrol('org-a', 'a', { people: ['uma'] })
  const sibling = await plane.enrol('org-a', 'a2', { people: ['al'] })
  const b = await plane.enrol('org-b', 'b', { people: ['uma'] })
  const stranger = await plane.enrol('org-c', 'c')
  const [peerA, peerSibling, peerB] = [await plane.greet(a), await plane.greet(sibling), await plane.greet(b)]
  const peerC = await plane.greet(stranger)
  await plane.sim().say({ userId: 'uma', chatId: 'C1', scopeId: 'G1', text: 'both hear it' })
  await peerA.got('inbound')
  await peerB.got('inbound')
  const key = 'agent:main:discord:group:C1:uma'

  peerC.send({ type: 'interrupt', session_key: key, reason: 'x' })
  await peerC.read()
  peerSibling.send({ type: 'interrupt', session_key: key, reason: 'user typed /stop' })
  const [heard] = await peerA.got('interrupt_inbound')
  expect(heard).toEqual({ type: 'interrupt_inbound', session_key: key, chat_id: 'C1' })
  peerB.send({ type: 'interrupt', session_key: key, reason: null })
  await peerB.got('interrupt_inbound')
  for (const peer of [peerA, peerB, peerC, peerSibling]) {
    peer.send({ type: 'interrupt', session_key: nobodys(), reason: null })
    await peer.read()
  }

  const counts = [peerA, peerB, peerC, peerSibling].map((peer) => peer.of('interrupt_inbound').length)
  expect(counts).toEqual([1, 1, 0, 0])
})
