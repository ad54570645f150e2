import { expect, it } from 'vitest'
import {
  type Bench,
  bot,
  conversationOf,
  foreign,
  odd,
  otherBot,
  ours,
  receiptOf,
  sibling,
  start,
} from './fixtures.js'

/** Cases of scopes, grants, policies and conversations. */
export function routingCases(bench: Bench): void {
  it('gives a key to one tenant, all keys of a claim or none', async () => {
    const { routing } = bench.store
    const claim = (tenant: string, keys: string[], platform = 'discord') =>
      bench.outcome(routing.claimKeys({ tenant, platform, keys, at: start }))

    expect(await claim('a', ['k1', odd, 'k1'])).toBe('committed')
    expect(await claim('a', [odd, 'k2'])).toBe('committed')
    expect(await claim('b', ['k3', 'k2'])).toBe('refused')
    expect(await claim('b', ['k1'], 'telegram')).toBe('committed')
    expect(await claim('b', [])).toBe('committed')
    const owners = await routing.ownersOf('discord', ['k1', 'k3', odd])
    expect(owners.toSorted((x, y) => (x.key < y.key ? -1 : 1))).toEqual(
      [
        { key: 'k1', tenant: 'a' },
        { key: odd, tenant: 'a' },
      ].toSorted((x, y) => (x.key < y.key ? -1 : 1)),
    )
    expect(await routing.ownersOf('discord', [])).toEqual([])
    expect(await routing.listKeys({ tenant: 'b' })).toEqual([
      { tenant: 'b', platform: 'telegram', key: 'k1' },
    ])
    expect((await routing.listKeys({})).map(({ platform, key }) => `${platform} ${key}`)).toEqual([
      'discord k1',
      'discord k2',
      `discord ${odd}`,
      'telegram k1',
    ])
    const many = Array.from({ length: 1_200 }, (_, n) => `m${n} "{},\n\\`)
    expect(await claim('a', many)).toBe('committed')
    expect((await routing.ownersOf('discord', many)).length).toBe(1_200)
    expect(await claim('b', ['free', ...many])).toBe('refused')
    expect(await routing.ownersOf('discord', ['free'])).toEqual([])
  })

  it('gives a chat to one instance', async () => {
    const { routing } = bench.store
    const chat = { platform: 'discord', scopeId: odd, chatId: odd }
    const grant = (key: typeof ours, at = start) =>
      bench.outcome(routing.grant({ ...key, ...chat, createdAt: at }))

    expect(await grant(ours)).toBe('committed')
    expect(await grant(ours, start + 1)).toBe('committed')
    expect(await grant(sibling)).toBe('refused')
    expect(await grant(foreign)).toBe('refused')
    expect(await routing.granted(chat)).toEqual({ ...ours, ...chat, createdAt: start })
    expect(await routing.granted({ ...chat, scopeId: 'x' })).toBeUndefined()
    expect(await routing.listGrants({ tenant: foreign.tenant })).toEqual([])
    expect((await routing.listGrants({})).length).toBe(1)

    await bench.commit(routing.release(sibling, chat))
    expect(await routing.granted(chat)).toBeDefined()
    await bench.commit(routing.release(ours, chat))
    expect(await grant(foreign)).toBe('committed')
  })

  it('keeps each policy of an instance and platform, and replaces it', async () => {
    const { routing } = bench.store
    const principals = { policy: 'allow-list' as const, userIds: [odd] }
    const relevance = { requireAddress: false, freeResponseScopes: [odd], allowOtherBots: true }
    await bench.commit(
      routing.setPrincipals(ours, odd, { policy: 'any', userIds: [] }),
      routing.setPrincipals(ours, odd, principals),
      routing.setRelevance(foreign, odd, relevance),
    )
    expect(await routing.principals(ours, odd)).toEqual(principals)
    expect(await routing.relevance(ours, odd)).toBeUndefined()
    expect(await routing.principals(ours, 'x')).toBeUndefined()
    expect(await routing.principals(sibling, odd)).toBeUndefined()
    expect(await routing.listPolicies({ tenant: foreign.tenant })).toEqual([
      { ...foreign, platform: odd, relevance },
    ])

    await bench.commit(routing.setRelevance(ours, odd, relevance))
    expect(await routing.principals(ours, odd)).toEqual(principals)
    expect(await routing.relevance(ours, odd)).toEqual(relevance)
    expect(await routing.listPolicies({})).toEqual([
      { ...ours, platform: odd, principals, relevance },
      { ...foreign, platform: odd, relevance },
    ])
  })

  it('remembers conversations, the latest first', async () => {
    const { routing } = bench.store
    const first = conversationOf()
    const other = conversationOf({
      userId: 'u2',
      scopeId: odd,
      threadId: odd,
      chatName: null,
      lastSeenAt: start + 1,
    })
    await bench.commit(routing.remember(first), routing.remember(other))
    await bench.commit(
      ...[{ chatId: 'c2' }, foreign, sibling, otherBot].map((over) => routing.remember(conversationOf(over))),
    )
    const list = () => routing.conversations(ours, bot, first.chatId)
    expect(await list()).toEqual([other, first])

    const later = conversationOf({ chatType: 'group', sessionKey: 'new', lastSeenAt: start + 2 })
    await bench.commit(routing.remember(later))
    expect(await list()).toEqual([later, other])
    const has = (of: typeof ours, chatId: string) => routing.hasConversation(of, bot, chatId)
    expect(await has(ours, first.chatId)).toBe(true)
    expect(await has(ours, 'c3')).toBe(false)
    expect(await has({ ...ours, instanceId: 'nobody' }, first.chatId)).toBe(false)
    expect((await routing.listConversations({ limit: 2 })).map(({ lastSeenAt }) => lastSeenAt)).toEqual([
      start + 2,
      start + 1,
    ])
    expect(await routing.listConversations({ tenant: foreign.tenant, limit: 9 })).toEqual([
      conversationOf(foreign),
    ])
    await bench.commit(routing.purgeConversations(start + 2))
    expect(await routing.listConversations({ limit: 9 })).toEqual([later])
  })

  it('tells where somebody else is as well', async () => {
    const { routing, receipts } = bench.store
    const isShared = (chatId: string, key = ours) => routing.isShared(key, bot, chatId)
    await bench.commit(
      routing.remember(conversationOf({ chatId: 'alone' })),
      routing.remember(conversationOf({ chatId: 'both' })),
      routing.remember(conversationOf({ ...sibling, chatId: 'both' })),
      routing.remember(conversationOf({ ...foreign, ...otherBot, chatId: 'alone' })),
      receipts.insert(receiptOf('r1', { ...foreign, chatId: 'alone', state: 'dead' })),
      receipts.insert(receiptOf('r2', { chatId: 'alone', state: 'sent', messageId: 'm1' })),
      receipts.insert(receiptOf('r3', { ...foreign, chatId: 'told', state: 'sent', messageId: 'm2' })),
    )

    expect([await isShared('alone'), await isShared('both'), await isShared('told')]).toEqual([
      false,
      true,
      true,
    ])
    expect([await isShared('alone', foreign), await isShared('told', foreign)]).toEqual([true, false])
  })

  it('remembers where a session runs, for a while', async () => {
    const { routing } = bench.store
    const row = conversationOf()
    await bench.commit(routing.remember(row), routing.remember(conversationOf(foreign)))
    const route = { tenant: ours.tenant, sessionKey: row.sessionKey, chatId: row.chatId, lastSeenAt: start }
    const find = (since: number) => routing.sessionRoute(ours.tenant, row.sessionKey, since)

    expect(await find(start)).toEqual({ ...route, instanceId: ours.instanceId })
    expect(await find(start + 1)).toBeUndefined()
    await bench.commit(routing.remember(conversationOf({ ...sibling, lastSeenAt: start + 5, chatId: 'c9' })))
    expect(await find(start)).toEqual({
      ...route,
      chatId: 'c9',
      instanceId: 'sibling',
      lastSeenAt: start + 5,
    })
    await bench.commit(routing.purgeSessionRoutes(start + 5))
    expect(await find(start)).toBeDefined()
    expect(await routing.sessionRoute(foreign.tenant, row.sessionKey, start)).toBeUndefined()
  })
}
