import { openGround } from '@parley/kernel/ground'
import { fakeClock, settle } from '@parley/testkit'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { PlatformMessage } from '../../platforms/port.js'
import type { BotRow, PrincipalPolicy, RelevancePolicy } from '../../store/port.js'
import { aMessage, type FakeChat } from '../fake-bot.test.support.js'
import { type InboundTestOptions, instance, openInbound } from '../inbound/inbound.test.support.js'
import { decide } from './decide.js'

type Change = Parameters<typeof aMessage>[0]
const any: PrincipalPolicy = { policy: 'any', userIds: [] }

async function start(
  options: InboundTestOptions & { chats?: Record<string, FakeChat>; row?: Partial<BotRow> } = {},
) {
  const { chats = { c1: { scopeId: 's1', members: ['owner', 'u1'] } }, ...rest } = options
  const one = await openInbound({ bot: { chats }, ...rest })
  const { store, ground } = one.deps
  const commit = (...ops: Parameters<typeof ground.log.commit>[0]['ops'][number][]) =>
    ground.log.commit({ ops, appends: [] })
  return {
    ...one,
    grant: (name: string, chatId = 'c1', scopeId = 's1') =>
      commit(
        ...store.routing.grant({ ...instance(name), platform: 'discord', scopeId, chatId, createdAt: 1 }),
      ),
    claim: (tenant: string, ...keys: string[]) =>
      commit(...store.routing.claimKeys({ tenant, platform: 'discord', keys, at: 1 })),
    principals: (name: string, policy: PrincipalPolicy) =>
      commit(store.routing.setPrincipals(instance(name), 'discord', policy)),
    relevance: (name: string, policy: RelevancePolicy) =>
      commit(store.routing.setRelevance(instance(name), 'discord', policy)),
    judge: async (change: Change = {}) => {
      const { receivers, outcomes, reason } = await decide(one.deps, one.open, aMessage(change))
      return {
        to: receivers.map(({ key, viewer }) => `${key.instanceId} for ${viewer}`),
        why: outcomes.map(({ key, reason }) => `${key.instanceId} ${reason}`),
        reason,
      }
    },
  }
}

// proves: relay.f26
describe('a grant', () => {
  async function granted() {
    const one = await start()
    await one.add('a1')
    await one.bind('owner', 'a1')
    await one.grant('a1')
    return one
  }

  it('brings nothing by itself: only the owner is admitted', async () => {
    const one = await granted()

    expect((await one.judge()).why).toEqual(['a1 principal'])
    expect((await one.judge({ author: { id: 'owner' } })).why).toEqual(['a1 owner'])
  })

  it('counts as long as an owner may view the chat', async () => {
    const one = await granted()
    await one.principals('a1', any)
    expect(await one.judge()).toEqual({ to: ['a1 for owner'], why: ['a1 grant'], reason: 'grant' })

    one.bot.chats.set('c1', { members: ['u1'] })
    expect(await one.judge()).toEqual({ to: [], why: ['a1 not-visible'], reason: 'not-visible' })

    one.bot.chats.delete('c1')
    expect((await one.judge()).reason).toBe('not-visible')
    one.bot.failing.canView = new Error('no')
    expect((await one.judge()).reason).toBe('not-visible')
  })

  it('needs one of its owners to view it, and at least one owner', async () => {
    const one = await granted()
    await one.principals('a1', any)
    await one.bind('another', 'a1')
    expect((await one.judge()).to).toEqual(['a1 for owner'])

    await one.add('a2')
    await one.bind('owner', 'a2')
    await one.bind('another', 'a2')

    expect((await one.judge()).why).toEqual(['a1 not-visible'])
  })

  it('of a channel holds for its threads, and not for other channels', async () => {
    const one = await granted()
    await one.principals('a1', any)
    one.bot.chats.set('T9', { members: ['owner'] })

    const thread: Partial<PlatformMessage['chat']> = {
      id: 'T9',
      type: 'thread',
      threadId: 'T9',
      parentId: 'c1',
    }
    expect((await one.judge({ chat: thread })).why).toEqual(['a1 grant'])
    expect((await one.judge({ chat: { id: 'c2' } })).why).toEqual([])
    expect((await one.judge({ chat: { scopeId: 's2' } })).why).toEqual([])
  })

  it('of a chat outside of any scope names the chat as scope', async () => {
    const one = await start({ chats: { '-1002': {} } })
    await one.add('a1')
    await one.bind('owner', 'a1')
    await one.grant('a1', '-1002', '-1002')
    await one.principals('a1', any)

    expect((await one.judge({ chat: { id: '-1002', scopeId: null } })).why).toEqual(['a1 grant'])
    expect((await one.judge({ chat: { id: '-1003', scopeId: null } })).why).toEqual([])
  })

  it('does not ask the platform when something else says no already', async () => {
    const one = await granted()
    await one.principals('a1', any)
    let asked = 0
    one.bot.canView = async () => {
      asked += 1
      return 'yes'
    }

    expect((await one.judge({ addressesBot: false })).reason).toBe('not-addressed')
    expect(asked).toBe(0)
  })

  it('waits for the platform so long, and takes silence for a no', async () => {
    const clock = fakeClock()
    const ground = await openGround({ clock })
    onTestFinished(() => ground.close())
    const one = await start({ ground })
    await one.add('a1')
    await one.bind('owner', 'a1')
    await one.grant('a1')
    await one.principals('a1', any)
    let isAsked = false
    one.bot.canView = () => {
      isAsked = true
      return new Promise(() => {})
    }
    const judged = one.judge()
    while (!isAsked) await settle()

    await clock.advance(2_000)

    expect((await judged).reason).toBe('not-visible')
    expect(clock.pending).toBe(0)
  })
})

// proves: relay.f24
it('what an instance has said about relevance counts, each time anew', async () => {
  const one = await start()
  await one.add('a1')
  await one.bind('owner', 'a1')
  await one.grant('a1')
  await one.principals('a1', any)
  const quiet = { addressesBot: false }
  const policy: RelevancePolicy = { requireAddress: true, freeResponseScopes: ['c1'], allowOtherBots: false }
  expect((await one.judge(quiet)).reason).toBe('not-addressed')

  await one.relevance('a1', policy)
  expect((await one.judge(quiet)).reason).toBe('grant')
  expect((await one.judge({ ...quiet, author: { isBot: true } })).reason).toBe('bot-author')

  await one.relevance('a1', { ...policy, freeResponseScopes: [], allowOtherBots: true })
  expect((await one.judge(quiet)).reason).toBe('not-addressed')
  expect((await one.judge({ author: { isBot: true } })).reason).toBe('grant')
  expect((await one.judge({ ...quiet, author: { id: 'owner' } })).reason).toBe('owner')
})

// proves: relay.s7
it('an author of two tenants reaches in each guild only the tenant that it belongs to', async () => {
  const one = await start()
  await one.add('a1', 'b1')
  await one.bind('u1', 'a1')
  await one.bind('u1', 'b1')
  await one.claim('a', 'guild-a')
  await one.claim('b', 'guild-b')
  const general = (scopeId: string) => ({ chat: { id: `${scopeId}/1`, name: 'general', scopeId } })

  expect((await one.judge(general('guild-a'))).to).toEqual(['a1 for u1'])
  expect((await one.judge(general('guild-b'))).to).toEqual(['b1 for u1'])
})

describe('a route', () => {
  it('of the scope, of the chat, or of the chat that a thread belongs to', async () => {
    const one = await start()
    await one.add('a1')
    await one.claim('a', 's1', 'c5')

    expect((await one.judge()).why).toEqual(['a1 route'])
    expect((await one.judge({ chat: { id: 'c5', scopeId: null } })).why).toEqual(['a1 route'])
    expect((await one.judge({ chat: { id: 'T9', parentId: 'c5', scopeId: 's7' } })).why).toEqual(['a1 route'])
    expect((await one.judge({ chat: { id: 'c6', scopeId: 's7' } })).why).toEqual([])
  })

  it('the nearest one counts', async () => {
    const one = await start()
    await one.add('a1', 'b1')
    await one.claim('a', 's1')
    await one.claim('b', 'c1')

    expect((await one.judge()).why).toEqual(['b1 route'])
  })

  it('ends with the first binding of its tenant', async () => {
    const one = await start()
    await one.add('a1')
    await one.claim('a', 's1')
    await one.bind('owner', 'a1')

    expect(await one.judge()).toEqual({ to: [], why: [], reason: 'unlinked' })
  })
})

describe('a bot', () => {
  it('that is for some tenants is for no other', async () => {
    const one = await start({ row: { tenants: ['b'] } })
    await one.add('a1', 'b1')
    await one.bind('u1', 'a1')
    await one.bind('u1', 'b1')

    const { to, why } = await one.judge()

    expect(to).toEqual(['b1 for u1'])
    expect(why).toEqual(['b1 owner', 'a1 not-provisioned'])
  })
})

it("the owner's own choice takes direct messages", async () => {
  const one = await start()
  await one.add('a1', 'b1')
  await one.bind('u1', 'a1')
  await one.bind('u1', 'b1')
  const person = { platform: 'discord', userId: 'u1' }
  await one.links.setDmDefault(instance('a1'), person, { kind: 'system', id: 'test' })

  const direct = await one.judge({ chat: { id: 'd1', type: 'dm', scopeId: null } })

  expect(direct).toEqual({ to: ['a1 for u1'], why: ['a1 dm', 'b1 dm-elsewhere'], reason: 'dm' })
})
