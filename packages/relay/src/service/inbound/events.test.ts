import { describe, expect, it } from 'vitest'
import type { PlatformMessage } from '../../platforms/port.js'
import { buildSessionKey, type MessageEvent, readMessageEvent } from '../../protocol/index.js'
import { aMessage } from '../fake-bot.test.support.js'
import { openInbound } from './inbound.test.support.js'
import { toEvent } from './to-event.js'

const discord = { platform: 'discord', botId: 'b1' }
const telegram = { platform: 'telegram', botId: '7' }
type Change = Parameters<typeof aMessage>[0]
const eventOf = (change: Change = {}, bot = discord): MessageEvent =>
  toEvent(bot, aMessage(change), { media: [], context: {}, response: undefined })
const sourceOf = (chat: Partial<PlatformMessage['chat']>, bot = discord) => eventOf({ chat }, bot).source

// proves: relay.f11, relay.p9
describe('an event', () => {
  it('has all members that are always there, and both names of the scope', () => {
    const event = eventOf({
      author: { displayName: 'Mira K.', handle: 'mira' },
      chat: { topic: 'Deployments' },
    })

    expect(event).toEqual({
      text: 'hello',
      message_type: 'text',
      message_id: 'p1',
      reply_to_message_id: null,
      source: {
        platform: 'discord',
        chat_id: 'c1',
        chat_type: 'group',
        chat_name: 'ops',
        user_id: 'u1',
        user_name: 'mira',
        thread_id: null,
        chat_topic: 'Deployments',
        scope_id: 's1',
        guild_id: 's1',
        message_id: 'p1',
        user_display_name: 'Mira K.',
        user_handle: 'mira',
        is_bot: false,
        message_is_edit: false,
      },
    })
    expect(readMessageEvent(JSON.parse(JSON.stringify(event)))).toMatchObject({ text: 'hello' })
  })

  it('says outright who is a bot and what is an edit', () => {
    const { source } = eventOf({ isEdit: true, author: { isBot: true, name: null } })

    expect(source).toMatchObject({ is_bot: true, message_is_edit: true, user_name: null })
  })

  it('quotes what it answers', () => {
    const replyTo = { messageId: 'm0', text: 'Deploy 81 failed', author: 'deploybot', isOwn: false }

    expect(eventOf({ replyTo })).toMatchObject({
      reply_to_message_id: 'm0',
      reply_to: { text: 'Deploy 81 failed', author: 'deploybot', is_own: false },
    })
    expect(eventOf({ replyTo: { messageId: 'm0' } })).not.toHaveProperty('reply_to')
  })

  it('says when a thread was made by the connector', () => {
    expect(sourceOf({ autoThreadName: 'Deploy' })).toMatchObject({
      auto_thread_created: true,
      auto_thread_initial_name: 'Deploy',
    })
  })

  // proves: relay.p11
  it.each([
    ['/new', 'text', 'command'],
    ['new', 'text', 'text'],
    ['/new', 'photo', 'photo'],
  ] as const)('%j as %s is a %s', (text, messageType, expected) => {
    expect(eventOf({ text, messageType }).message_type).toBe(expected)
  })
})

// proves: relay.p7
describe('the source of', () => {
  it.each<[string, Partial<PlatformMessage['chat']>, typeof discord, object, string]>([
    [
      'a guild channel',
      {},
      discord,
      { chat_type: 'group', thread_id: null, scope_id: 's1' },
      'agent:main:discord:group:c1:u1',
    ],
    [
      'a Discord thread',
      { id: 'T9', type: 'thread', threadId: 'T9', parentId: 'c1' },
      discord,
      { chat_id: 'T9', thread_id: 'T9', parent_chat_id: 'c1', scope_id: 's1' },
      'agent:main:discord:thread:T9:T9',
    ],
    [
      'a Discord DM',
      { id: 'D1', type: 'dm', scopeId: null },
      discord,
      { chat_type: 'dm', thread_id: null },
      'agent:main:discord:dm:D1',
    ],
    [
      'a forum of Telegram',
      { id: '-100200', type: 'forum', threadId: '3', scopeId: null },
      telegram,
      { chat_id: '-100200', thread_id: '3' },
      'agent:main:telegram:forum:-100200:3',
    ],
    [
      'a Telegram DM',
      { id: '55', type: 'dm', scopeId: null },
      telegram,
      { chat_id: '55' },
      'agent:main:telegram:dm:55',
    ],
  ])('%s', (_name, chat, bot, members, key) => {
    const source = sourceOf(chat, bot)

    expect(source).toMatchObject(members)
    expect('scope_id' in source).toBe(chat.scopeId !== null)
    expect('guild_id' in source).toBe(chat.scopeId !== null)
    expect(buildSessionKey(source)).toBe(key)
  })
})

// proves: relay.p6
it('every id on the wire is a string', async () => {
  const one = await openInbound()
  await one.add('a1')
  await one.bind('42', 'a1')

  await one.sink.message(
    aMessage({ messageId: '7', author: { id: '42' }, chat: { id: '-1002', threadId: '3' } }),
  )

  const [event] = await one.events('a1')
  const ids = Object.entries({ ...event, ...event!.source }).filter(([name]) => name.endsWith('_id'))
  expect(ids.length).toBeGreaterThan(5)
  for (const [, id] of ids) expect(id === null || typeof id === 'string').toBe(true)
})
