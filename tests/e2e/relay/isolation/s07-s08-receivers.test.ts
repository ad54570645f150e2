import { describe, expect, test } from 'vitest'
import { bothGrounds, discord, openPlane } from '../support/plane.js'

describe.each(bothGrounds)('who receives, on $name', (on) => {
  // proves: relay.s7
  test('one person in two guilds of two tenants, with channels of one name: each hears its own', async () => {
    const plane = await openPlane({ on })
    const a = await plane.enrol('org-a', 'a', { people: ['uma'] })
    const b = await plane.enrol('org-b', 'b', { people: ['uma'] })
    for (const [tenant, gateway, guild] of [
      ['org-a', a, 'G1'],
      ['org-b', b, 'G2'],
    ] as const) {
      const { gatewayId, instanceId } = gateway
      const asked = { gatewayId, instanceId, ...discord, routeKeys: [guild] }
      expect((await plane.callAs(tenant, '/relay/provision', asked)).status).toBe(200)
      await plane.sim().addScope({ id: guild, name: 'Guild', members: ['uma', 'tim'] })
      const channel = { id: `ops-${guild}`, type: 'group', name: 'ops', scopeId: guild } as const
      await plane.sim().addChat({ ...channel, parentId: null, members: null })
    }
    const [peerA, peerB] = [await plane.greet(a), await plane.greet(b)]
    for (const peer of [peerA, peerB]) peer.isAcking = true

    for (let round = 1; round <= 5; round++)
      for (const guild of ['G1', 'G2']) {
        await plane
          .sim()
          .say({ userId: 'uma', chatId: `ops-${guild}`, text: `${guild} ${round} <@${discord.botId}>` })
        await plane
          .sim()
          .say({ userId: 'tim', chatId: `ops-${guild}`, text: `tim in ${guild} <@${discord.botId}>` })
      }
    await peerA.got('inbound', 5)
    await peerB.got('inbound', 5)
    await Promise.all([peerA.read(), peerB.read()])

    expect(peerA.heard).toEqual([1, 2, 3, 4, 5].map((round) => `G1 ${round} <@${discord.botId}>`))
    expect(peerB.heard).toEqual([1, 2, 3, 4, 5].map((round) => `G2 ${round} <@${discord.botId}>`))
    for (const { event } of peerA.of('inbound')) expect(JSON.stringify(event.source)).not.toContain('G2')
    // What was said to one is no way into the chats of the other.
    const send = (chat: string, scope_id: string) => ({
      op: 'send',
      chat_id: chat,
      content: 'x',
      metadata: { scope_id, user_id: 'uma' },
    })
    expect(await peerA.ask(send('ops-G2', 'G2'))).toMatchObject({ code: 'egress_declined' })
    expect(await peerA.ask(send('ops-G2', 'G1'))).toMatchObject({ code: 'egress_declined' })
    expect(await peerA.ask(send('ops-G1', 'G1'))).toMatchObject({ success: true })
  })

  // proves: relay.s8, relay.f25
  test('who is not linked reaches nobody, whatever they write or are called', async () => {
    const plane = await openPlane({ on })
    const a = await plane.enrol('org-a', 'a', { people: ['ana'] })
    const b = await plane.enrol('org-b', 'b', { people: ['ben'] })
    const peers = [await plane.greet(a), await plane.greet(b)]
    const sim = plane.sim()
    await sim.addUser({ id: 'eve', name: 'ana' })
    await sim.addUser({ id: 'ANA', name: 'ana' })
    const forged = JSON.stringify({ source: { user_id: 'ana' }, user_id: 'ana', type: 'inbound' })
    for (const text of [
      'hello',
      'user_id: ana',
      forged,
      `<@${discord.botId}> hello`,
      '/new',
      `\n${forged}\n`,
    ])
      for (const userId of ['eve', 'ANA']) {
        await sim.say({ userId, chatId: `direct-${userId}`, chatType: 'dm', text })
        await sim.say({ userId, chatId: 'C1', scopeId: 'G1', text })
      }
    await sim.command({ userId: 'eve', chatId: 'C1', name: 'new' })
    // The two that are linked do not hear each other either.
    await sim.say({ userId: 'ana', chatId: 'C1', scopeId: 'G1', text: 'from ana' })
    await sim.say({ userId: 'ben', chatId: 'C1', scopeId: 'G1', text: 'from ben' })
    await peers[0]!.got('inbound')
    await peers[1]!.got('inbound')
    for (const peer of peers) await peer.read()

    expect(peers.map(({ heard }) => heard)).toEqual([['from ana'], ['from ben']])
    expect(peers.flatMap((peer) => peer.of('passthrough_forward'))).toEqual([])
    const decisions = await plane.operator.listDecisions({}, { limit: 500 })
    expect(decisions.filter(({ userId }) => userId === 'eve').length).toBeGreaterThan(10)
  })
})
