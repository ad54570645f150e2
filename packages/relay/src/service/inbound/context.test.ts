import { describe, expect, it } from 'vitest'
import type { ContextMessage } from '../../platforms/port.js'
import { aMessage, type FakeChat } from '../fake-bot.test.support.js'
import { itemsOf } from './context.js'
import { instance, openInbound, type TestInbound } from './inbound.test.support.js'

const said = (text: string, userId = 'u9'): ContextMessage => ({ text, userId, userName: 'Ana' })

async function start(
  chat: FakeChat,
  said: () => Promise<ContextMessage[]>,
  isSupported = true,
): Promise<TestInbound> {
  const one = await openInbound({
    bot: { chats: { c1: { scopeId: 's1', ...chat } }, descriptor: { supports_context: isSupported } },
  })
  one.bot.context = said
  await one.add('a1')
  await one.bind('u1', 'a1')
  return one
}

// proves: relay.s19
describe('what was said before', () => {
  it('is told to a receiver whose owner may view the chat', async () => {
    const one = await start({ members: ['u1'] }, async () => [said('rolling back')])

    await one.sink.message(aMessage())

    expect((await one.events('a1'))[0]).toMatchObject({
      context: [{ text: 'rolling back', source: { user_name: 'Ana', user_id: 'u9' } }],
    })
  })

  it('is not told, nor asked for, when the owner may not view it any more', async () => {
    let asked = 0
    const one = await start({ members: ['u1'] }, async () => {
      asked += 1
      return [said('rolling back')]
    })

    await one.sink.message(aMessage({ messageId: 'm1' }))
    one.bot.chats.set('c1', { scopeId: 's1', members: ['u9'] })
    await one.sink.message(aMessage({ messageId: 'm2' }))

    const [seen, unseen] = await one.events('a1')
    expect(seen!.context).toHaveLength(1)
    expect(unseen).toMatchObject({ context: [] })
    expect(unseen).not.toHaveProperty('context_error')
    expect(asked).toBe(1)
  })

  it('a grant holder sees it by an owner of its own', async () => {
    const one = await start({ members: ['u2', 'u7'] }, async () => [said('secret')])
    await one.add('b1')
    const { store, ground } = one.deps
    const chat = { platform: 'discord', scopeId: 's1', chatId: 'c1' }
    await one.bind('u2', 'b1')
    await ground.log.commit({
      ops: [
        ...store.routing.grant({ ...instance('b1'), ...chat, createdAt: 1 }),
        store.routing.setPrincipals(instance('b1'), 'discord', { policy: 'any', userIds: [] }),
      ],
      appends: [],
    })

    await one.sink.message(aMessage({ author: { id: 'u7' } }))

    expect((await one.events('b1'))[0]).toMatchObject({ context: [{ text: 'secret' }] })
    expect(await one.events('a1')).toEqual([])
  })

  it('an instance without owners is told nothing', async () => {
    const one = await openInbound({ bot: { chats: { c1: {} }, descriptor: { supports_context: true } } })
    one.bot.context = async () => [said('secret')]
    await one.add('a1')
    const claim = { tenant: 'a', platform: 'discord', keys: ['s1'], at: 1 }
    await one.deps.ground.log.commit({ ops: one.deps.store.routing.claimKeys(claim), appends: [] })

    await one.sink.message(aMessage())

    expect((await one.events('a1'))[0]).toMatchObject({ text: 'hello', context: [] })
    expect(await one.decisions()).toMatchObject([{ reason: 'route' }])
  })

  it('a failure is told, counted, and delivers the message', async () => {
    const failing = async () => {
      throw new Error('no')
    }
    const one = await start({ members: ['u1'] }, failing)

    await one.sink.message(aMessage({ messageId: 'm1' }))
    one.bot.failing.canView = new Error('no')
    await one.sink.message(aMessage({ messageId: 'm2' }))

    for (const event of await one.events('a1'))
      expect(event).toMatchObject({ text: 'hello', context: [], context_error: true })
    expect(one.deps.tally.read()['context.failed']).toBe(2)
  })

  it('what a driver answers in another shape breaks nothing', async () => {
    const one = await start({}, async () => [{ text: 7 }, null] as unknown as ContextMessage[])

    await one.sink.message(aMessage())

    expect((await one.events('a1'))[0]).toMatchObject({ context: [], context_error: true })
  })

  it('is not told in direct messages, nor where the descriptor does not say so', async () => {
    const one = await start({}, async () => [said('x')])
    const without = await start({}, async () => [said('x')], false)

    await one.sink.message(aMessage({ chat: { type: 'dm', scopeId: null } }))
    await without.sink.message(aMessage())

    expect((await one.events('a1'))[0]).not.toHaveProperty('context')
    expect((await without.events('a1'))[0]).not.toHaveProperty('context')
  })
})

describe('the items', () => {
  it('are the latest twenty, oldest first, without empty ones', () => {
    const items = itemsOf([...Array.from({ length: 30 }, (_, n) => said(`${n}`)), said(' ')])

    expect(items.map(({ text }) => text)).toEqual(Array.from({ length: 20 }, (_, n) => `${n + 10}`))
  })

  it('are 8 KiB in all, however long one of them is', () => {
    const items = itemsOf([said('old'), ...Array.from({ length: 9 }, () => said('ä'.repeat(5_000)))])

    expect(items.length).toBeGreaterThan(0)
    expect(Buffer.byteLength(JSON.stringify(items))).toBeLessThanOrEqual(8_192)
    expect(items.at(-1)!.text).toHaveLength(2_000)
  })

  // proves: relay.s14
  it('never hold a code for /link', () => {
    expect(itemsOf([said('/link 7KQ2-M9XD'), said('hello')]).map(({ text }) => text)).toEqual(['hello'])
  })
})
