import { describe, expect, it } from 'vitest'
import { fakeBot } from '../fake-bot.test.support.js'
import { actionsIn, aSend, openOutbound, type TestOutbound } from './outbound.test.support.js'

const declined = {
  success: false,
  code: 'egress_declined',
  error: 'discord egress declined: target is not an approved destination for this connection',
}
const person = (userId: string) => ({ platform: 'discord', userId })

async function bind({ commit, deps }: TestOutbound, userId: string, tenant: string, instanceId: string) {
  const row = { tenant, instanceId, platform: 'discord', userId, linkedAt: 1, dmDefaultAt: null }
  await commit(...deps.store.links.bind(row))
}
const claim = ({ commit, deps }: TestOutbound, tenant: string, ...keys: string[]) =>
  commit(...deps.store.routing.claimKeys({ tenant, platform: 'discord', keys, at: 1 }))

describe('another tenant', () => {
  // proves: relay.s2
  it('can do nothing in a chat, with its true ids, scope and user in the metadata', async () => {
    const test = await openOutbound()
    const { ask, bot, deps } = test
    await claim(test, 'a', 's-a')
    await claim(test, 'b', 's-b')
    await bind(test, 'u-a1', 'a', 'a1')
    bot.chats.set('dm-a1', { type: 'dm', members: ['u-a1'] })
    await ask('a1', aSend('c-a1'))
    const done = bot.performed.length
    const metadata = { scope_id: 's-a', guild_id: 's-a', user_id: 'u-a1', thread_id: 't1' }

    for (const chat of ['c-a1', 'dm-a1'])
      for (const action of actionsIn(chat)) {
        expect(await ask('b1', { ...action, metadata })).toEqual(declined)
        expect(await ask('b1', { ...action, metadata: { ...metadata, scope_id: 's-b' } })).toEqual(declined)
      }
    expect(bot.performed).toHaveLength(done)
    expect(deps.tally.read()['outbound.declined']).toBe(36)
    // The same is allowed to whom it belongs.
    expect(await ask('a1', { ...aSend('dm-a1'), metadata })).toMatchObject({ success: true })
  })

  // proves: relay.s3
  it('is refused with the same bytes whatever the cause', async () => {
    const test = await openOutbound()
    const { ask, commit, deps, bot } = test
    await claim(test, 'a', 's-a')
    bot.chats.set('unheard', { scopeId: 's-a' })

    const refusals = [
      await ask('b1', { ...aSend('c-a1'), metadata: { scope_id: 's-a', user_id: 'u-a1' } }),
      await ask('b1', { ...aSend('nobody'), metadata: { scope_id: 's-a', user_id: 'u-a1' } }),
      await ask('b1', { ...aSend('nobody'), metadata: { scope_id: 'no', user_id: 'no' } }),
      await ask('b1', aSend('nobody')),
      await ask('a2', aSend('unheard')),
      await ask('b1', { op: 'get_chat_info', chat_id: 'c-a1' }),
      await ask('b1', { op: 'get_chat_info', chat_id: 'nobody' }),
    ]
    await commit(deps.store.gateways.change('gw-b1', { revokedAt: 5 }))
    refusals.push(await ask('b1', aSend('c-b1')))

    expect(new Set(refusals.map((refusal) => JSON.stringify(refusal)))).toEqual(
      new Set([JSON.stringify(declined)]),
    )
  })
})

describe('a scope', () => {
  it('opens its chats to the one instance of its tenant, when the platform says that they are in it', async () => {
    const test = await openOutbound()
    const { ask, bot } = test
    await claim(test, 'b', 's-b')
    bot.chats.set('new', { scopeId: 's-b' })
    bot.chats.set('elsewhere', { scopeId: 's-a' })

    expect(await ask('b1', { ...aSend('new'), metadata: { scope_id: 's-b' } })).toMatchObject({
      success: true,
    })
    expect(await ask('b1', { ...aSend('new'), metadata: { guild_id: 's-b' } })).toMatchObject({
      success: true,
    })
    expect(await ask('b1', aSend('new'))).toEqual(declined)
    for (const chat of ['elsewhere', 'unknown'])
      expect(await ask('b1', { ...aSend(chat), metadata: { scope_id: 's-b' } })).toEqual(declined)
  })

  it('opens a chat only to who holds its grant, or whose owner may view it, where a tenant has several', async () => {
    const test = await openOutbound()
    const { ask, bot, commit, deps } = test
    await claim(test, 'a', 's-a')
    await bind(test, 'u-a2', 'a', 'a2')
    bot.chats.set('open', { scopeId: 's-a' })
    bot.chats.set('closed', { scopeId: 's-a', members: ['u-other'] })
    const send = (name: string, chat: string) => ask(name, { ...aSend(chat), metadata: { scope_id: 's-a' } })

    expect(await send('a1', 'open')).toEqual(declined)
    expect(await send('a2', 'open')).toMatchObject({ success: true })
    expect(await send('a2', 'closed')).toEqual(declined)

    const grant = { tenant: 'a', instanceId: 'a1', platform: 'discord', scopeId: 's-a', createdAt: 1 }
    for (const chatId of ['open', 'closed']) await commit(...deps.store.routing.grant({ ...grant, chatId }))
    expect(await send('a1', 'closed')).toMatchObject({ success: true })
    expect(await send('a2', 'open')).toEqual(declined)
  })

  it('is not closed by what another tenant holds in it', async () => {
    const test = await openOutbound()
    const { ask, bot, commit, deps } = test
    const grant = { tenant: 'a', instanceId: 'a1', platform: 'discord', scopeId: 's-b', createdAt: 1 }
    await commit(...deps.store.routing.grant({ ...grant, chatId: 'new' }))
    await claim(test, 'b', 's-b')
    bot.chats.set('new', { scopeId: 's-b' })
    const action = { ...aSend('new'), metadata: { scope_id: 's-b' } }

    expect(await ask('b1', action)).toMatchObject({ success: true })
    expect(await ask('a1', action)).toEqual(declined)
  })

  it('says nothing while the platform does not answer', async () => {
    const bot = fakeBot()
    bot.isIn = async () => {
      throw new Error('down')
    }
    const test = await openOutbound({ bots: [bot] })
    await claim(test, 'b', 's-b')

    expect(await test.ask('b1', { ...aSend('new'), metadata: { scope_id: 's-b' } })).toEqual(declined)
  })
})

describe('a user', () => {
  it('opens a direct chat with that very user, to the instance that the user is bound to', async () => {
    const test = await openOutbound()
    const { ask, bot } = test
    await bind(test, 'u1', 'a', 'a1')
    bot.chats.set('dm-1', { type: 'dm', members: ['u1'] })
    bot.chats.set('dm-2', { type: 'dm', members: ['u2'] })
    bot.chats.set('group', { members: ['u1'] })
    const send = (name: string, chat: string, user_id: unknown = 'u1') =>
      ask(name, { ...aSend(chat), metadata: { user_id } })

    expect(await send('a1', 'dm-1')).toMatchObject({ success: true })
    for (const refused of [
      send('a2', 'dm-1'),
      send('b1', 'dm-1'),
      send('a1', 'dm-2'),
      send('a1', 'dm-2', 'u2'),
      send('a1', 'group'),
      send('a1', 'dm-1', ['u1']),
    ])
      expect(await refused).toEqual(declined)
  })

  it('who moves to another instance takes the chat along', async () => {
    const test = await openOutbound()
    const { ask, heard, commit, deps } = test
    await bind(test, 'u1', 'a', 'a1')
    await heard('a1', 'dm-1', { userId: 'u1' })
    expect(await ask('a1', aSend('dm-1'))).toMatchObject({ success: true })

    await commit(...deps.store.links.unbind('a', person('u1')))

    expect(await ask('a1', aSend('dm-1'))).toEqual(declined)
  })
})

describe('in a chat where several speak', () => {
  it('none edits or deletes what another has sent', async () => {
    const { ask, bot, heard } = await openOutbound()
    await heard('a1', 'shared')
    await heard('b1', 'shared')
    const sent = await ask('a1', aSend('shared'))
    const message_id = sent.success ? sent.message_id : ''
    const edit = { op: 'edit', chat_id: 'shared', message_id, content: 'forged' }
    const remove = { op: 'delete', chat_id: 'shared', message_id }

    for (const id of [message_id, 'nobodys']) {
      expect(await ask('b1', { ...edit, message_id: id })).toEqual(declined)
      expect(await ask('b1', { ...remove, message_id: id })).toEqual(declined)
    }
    expect(bot.performed).toHaveLength(1)
    expect(await ask('a1', edit)).toMatchObject({ success: true })
    expect(await ask('a1', remove)).toMatchObject({ success: true })
  })

  it('each says its name, once another has spoken', async () => {
    const { ask, bot, heard } = await openOutbound()
    await heard('a1', 'shared')
    await heard('b1', 'shared')
    const say = async (name: string) => {
      await ask(name, aSend('shared', 'hi'))
      return (bot.performed.at(-1) as { content: string }).content
    }

    expect([await say('a1'), await say('a1'), await say('b1'), await say('a1')]).toEqual([
      'hi',
      'hi',
      'Agent b1: hi',
      'Agent a1: hi',
    ])
    await ask('a1', aSend('c-a1', 'alone'))
    expect(bot.performed.at(-1)).toMatchObject({ content: 'alone' })
  })
})

describe('a thread', () => {
  const rename = (chat_id: string, message_id: string, more = {}) => ({
    op: 'thread_rename',
    chat_id,
    message_id,
    thread_name: 'new name',
    ...more,
  })

  it('that an instance has made is open to it, as long as its parent is', async () => {
    const { ask, commit, deps } = await openOutbound()
    const made = await ask('a1', { op: 'thread_create', chat_id: 'c-a1', thread_name: 'plan' })
    const thread = made.success ? (made.thread_id ?? '') : ''

    expect(await ask('a1', aSend(thread))).toMatchObject({ success: true })
    expect(await ask('a1', rename('c-a1', thread))).toMatchObject({ success: true })
    expect(await ask('a2', aSend(thread))).toEqual(declined)
    await commit(deps.store.routing.purgeConversations(1))
    expect(await ask('a1', aSend(thread))).toEqual(declined)
  })

  it('is renamed only by who is in it: being in its parent is not enough', async () => {
    const { ask, bot, heard } = await openOutbound()
    await heard('b1', 'c-a1')
    const made = await ask('a1', { op: 'thread_create', chat_id: 'c-a1', thread_name: 'plan' })
    const thread = made.success ? (made.thread_id ?? '') : ''
    const done = bot.performed.length

    expect(await ask('b1', rename('c-a1', thread))).toEqual(declined)
    expect(await ask('b1', rename('c-b1', 'somewhere'))).toEqual(declined)
    expect(bot.performed).toHaveLength(done)
    await heard('b1', 'c-b1', { userId: 'u2', threadId: 'topic' })
    expect(await ask('b1', rename('c-b1', 'topic'))).toMatchObject({ success: true })
  })

  it('is guarded by the name that the connector gave it last', async () => {
    const { ask, bot, heard } = await openOutbound()
    await heard('a1', 't-foreign')
    const made = await ask('a1', { op: 'thread_create', chat_id: 'c-a1', thread_name: 'plan' })
    const thread = made.success ? (made.thread_id ?? '') : ''
    const guarded = (id: string) =>
      ask('a1', rename('c-a1', id, { only_if_connector_created: true, only_if_current_name: 'ignored' }))

    expect(await guarded(thread)).toMatchObject({ success: true })
    expect(bot.performed.at(-1)).toEqual({
      op: 'thread_rename',
      chat_id: 'c-a1',
      message_id: thread,
      thread_name: 'new name',
      only_if_current_name: 'plan',
      metadata: {},
    })
    await guarded(thread)
    expect(bot.performed.at(-1)).toMatchObject({ only_if_current_name: 'new name' })
    expect(await guarded('t-foreign')).toEqual({
      success: false,
      error: 'the thread was not made by this connector',
    })
  })
})
