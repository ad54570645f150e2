import { expect, test } from 'vitest'
import { conversationOf } from '../../store/store-cases/fixtures.js'
import { changed, relayIdentity } from '../changes.js'
import { a, b, everywhere, grounds, ofA, ofB, openRoom, shared } from './operator.test.support.js'

for (const kind of grounds) {
  test(`decisions of all bots are listed, the latest first (${kind.name})`, async () => {
    const { operator, decide } = await openRoom(kind)
    await decide(shared, 'c1', ['a', 'owner'], ['b', 'principal'])
    await decide(ofB, 'c2', ['b', 'owner'])
    await decide(shared, 'c3')

    const listed = await operator.listDecisions(everywhere, {})
    expect(listed.map(({ chatId }) => chatId)).toEqual(['c3', 'c2', 'c1'])
    expect(listed[2]).toEqual({
      ...shared,
      at: expect.stringMatching(/^\d{4}-.*Z$/),
      chatId: 'c1',
      messageId: expect.any(String),
      userId: 'u1',
      outcomes: [
        { tenant: 'a', instanceId: 'i-a', isDelivered: true, reason: 'owner' },
        { tenant: 'b', instanceId: 'i-b', isDelivered: false, reason: 'principal' },
      ],
      reason: 'owner',
    })
    expect((await operator.listDecisions(everywhere, { limit: 2 })).map(({ chatId }) => chatId)).toEqual([
      'c3',
      'c2',
    ])
  })

  test(`a tenant learns nothing of what others got (${kind.name})`, async () => {
    const { operator, decide } = await openRoom(kind)
    await decide(shared, 'both', ['b', 'owner'], ['a', 'principal'])
    await decide(shared, 'theirs', ['b', 'owner'])
    await decide(shared, 'nobody')
    await decide(ofA, 'own nobody')
    await decide(ofB, 'their bot', ['a', 'owner'])

    const listed = await operator.listDecisions(a, {})
    expect(listed.map(({ chatId, reason, outcomes }) => [chatId, reason, outcomes.length])).toEqual([
      ['own nobody', 'unlinked', 0],
      ['both', 'principal', 1],
    ])
    expect(JSON.stringify(listed)).not.toContain('i-b')
    expect((await operator.listDecisions(b, {})).map(({ chatId }) => chatId)).toEqual(['theirs', 'both'])
  })

  test(`what a tenant may see is found behind much that it may not (${kind.name})`, async () => {
    const { operator, decide, log } = await openRoom(kind)
    await decide(shared, 'old', ['a', 'owner'])
    const body = { chatId: 'x', messageId: 'x', userId: 'u', reason: 'owner', outcomes: [] }
    const drafts = Array(600).fill({ type: 'relay.received', actor: relayIdentity, body })
    await log.commit({ ops: [], appends: [{ stream: 'relay-bot:discord/b1', drafts }] })

    expect((await operator.listDecisions(a, { limit: 5 })).map(({ chatId }) => chatId)).toEqual(['old'])
    expect((await operator.listDecisions(everywhere, {})).length).toBe(100)
    expect((await operator.listDecisions(everywhere, { limit: 500 })).length).toBe(500)
  })

  test(`changes say who did what, in a tenant only its own (${kind.name})`, async () => {
    const { operator, log } = await openRoom(kind)
    const gateway = { kind: 'gateway' as const, id: 'gw-1' }
    const appends = [
      changed('relay.policy.set', gateway, { tenant: 'a', platform: 'discord' }),
      changed('relay.policy.set', gateway, { tenant: 'b', platform: 'telegram' }),
      changed('relay.bot.changed', relayIdentity, { tenant: null, botId: 'b1' }),
    ]
    for (const append of appends) await log.commit({ ops: [], appends: [append] })

    const own = {
      at: expect.any(String),
      type: 'relay.policy.set',
      tenant: 'a',
      by: 'gateway:gw-1',
      detail: { platform: 'discord' },
    }
    const [first] = await operator.listChanges(a, {})
    expect(first).toEqual(own)
    expect(JSON.stringify(await operator.listChanges(a, {}))).not.toContain('telegram')
    expect((await operator.listChanges(everywhere, { limit: 3 })).map(({ tenant }) => tenant)).toEqual([
      null,
      'b',
      'a',
    ])
  })

  test(`conversations are listed, the latest first, and counts are told (${kind.name})`, async () => {
    const { operator, store, log, deps } = await openRoom(kind)
    const rows = ['a', 'b'].map((tenant, n) =>
      conversationOf({
        ...shared,
        tenant,
        instanceId: 'i',
        chatId: 'c',
        lastSeenAt: 1_767_225_600_000_000 + n,
      }),
    )
    await log.commit({ ops: rows.flatMap((row) => store.routing.remember(row)), appends: [] })
    deps.tally.count('pokes', 3)

    const listed = await operator.listConversations(everywhere, {})
    expect(listed.map(({ tenant }) => tenant)).toEqual(['b', 'a'])
    expect(await operator.listConversations(a, {})).toEqual([
      {
        ...shared,
        tenant: 'a',
        instanceId: 'i',
        chatId: 'c',
        chatType: 'dm',
        chatName: rows[0]!.chatName,
        userId: rows[0]!.userId,
        lastSeenAt: '2026-01-01T00:00:00.000000Z',
      },
    ])
    expect(operator.counts()).toMatchObject({ pokes: 3 })
  })
}
