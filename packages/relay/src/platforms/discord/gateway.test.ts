import { testGrounds } from '@parley/testkit'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eventually } from '../conformance/cases.js'
import { type TestSink, testSink } from '../conformance/sink.js'
import type { PlatformBot } from '../port.js'
import { type FakeMessage, ids } from './fake-world.test.support.js'
import { discordSetting, type Setting } from './setting.test.support.js'

const memory = (await testGrounds())[0]!
let setting: Setting
let sink: TestSink
beforeEach(async () => {
  setting = await discordSetting(memory)
  sink = testSink()
})
afterEach(() => setting.close())

/** Ada writes; what is given is put into the event. */
function says(
  content: string,
  change: Partial<FakeMessage> & Record<string, unknown> = {},
  t = 'MESSAGE_CREATE',
): FakeMessage {
  const { world, gateway } = setting.fake
  const message = world.post({ channel_id: ids.group, content, author: world.users.get(ids.ada)!, ...change })
  const guildId = world.channels.get(message.channel_id)?.guild_id
  gateway.dispatch(t, { ...message, ...(guildId && { guild_id: guildId }), ...change })
  return message
}
const texts = () => sink.messages.map(({ text }) => text)
const hears = (...expected: string[]) => eventually(() => expect(texts()).toEqual(expected))
const start = (bot: PlatformBot = setting.bot) => bot.start(sink)

describe('the connection', () => {
  it('asks for messages and their text, and for no more', async () => {
    await start()

    expect(setting.fake.gateway.intents).toBe((1 << 0) | (1 << 9) | (1 << 12) | (1 << 15))
    expect(sink.states.at(-1)).toBe('well')
  })

  it('goes on where it was when it breaks', async () => {
    await start()
    says('one')
    await hears('one')

    setting.fake.gateway.drop()
    await eventually(() => expect(setting.fake.gateway.connections).toBe(0))
    says('two')
    await hears('one', 'two')

    expect(setting.fake.gateway).toMatchObject({ identifies: 1, resumes: 1 })
    expect(sink.states.slice(-2)).toEqual(['failing', 'well'])
  })

  it('goes on where it was after a restart, from what was stored', async () => {
    await start()
    says('one')
    await hears('one')
    sink.isBroken = true
    says('two')
    await eventually(() => expect(sink.attempts).toBeGreaterThan(1))

    await setting.bot.stop()
    expect(setting.fake.gateway.closedWith).toBe(4_200)
    sink.isBroken = false
    says('three')
    await start(setting.open())

    await hears('one', 'two', 'three')
    expect(setting.fake.gateway).toMatchObject({ identifies: 1, resumes: 1 })
    // No guild was told again: the channel is asked for.
    expect(sink.messages.at(-1)?.chat).toMatchObject({ type: 'group', name: 'ops', topic: 'Deployments' })
  })

  it('begins anew when Discord has forgotten where it was, or the cursor is none', async () => {
    await start()
    await setting.bot.stop()
    setting.fake.gateway.forgetSessions()
    await start(setting.open())
    says('here')
    await hears('here')

    await sink.saveCursor('{"sessions":[{"shardId":0,"resumeURL":"file:///etc"}]}')
    await start(setting.open())

    expect(setting.fake.gateway.identifies).toBe(3)
  })

  it('keeps the cursor while it runs', async () => {
    await start()
    says('one')
    await hears('one')
    await setting.clock.advance(5_000)

    const cursor = JSON.parse((await sink.loadCursor()) ?? '') as unknown
    expect(cursor).toMatchObject({ sessions: [{ sessionId: 'session-1', sequence: 3 }] })
  })

  it('is made to the address that the settings name', async () => {
    const { url } = setting.fake.gateway
    const bot = setting.open({ settings: { gatewayUrl: `${url}/?proxy` } })
    await start(bot)
    says('through')
    await hears('through')

    setting.fake.gateway.drop()
    await eventually(() => expect(setting.fake.gateway.resumes).toBe(1))
  })

  it.each([
    [4_004, 'relay.credential_refused', /refused the token/],
    [4_014, 'relay.credential_refused', /message content intent/],
    [4_013, 'relay.unavailable', /refused the connection/],
  ])(
    'that is closed with %i at the beginning rejects, and may be tried again',
    async (code, error, message) => {
      setting.fake.gateway.refuseWith = code

      await expect(start()).rejects.toMatchObject({ code: error, message: expect.stringMatching(message) })
      expect(sink.states.at(-1)).toBe('refused')

      setting.fake.gateway.refuseWith = undefined
      await start()
      says('at last')
      await hears('at last')
    },
  )

  it('rejects when Discord does not say where its gateway is', async () => {
    setting.fake.trouble = { kind: 'status', status: 503, body: '' }

    await expect(start()).rejects.toMatchObject({ code: 'relay.unavailable' })
    expect(setting.fake.gateway.identifies).toBe(0)
  })

  it('stays away when it is closed while it waits to connect again', async () => {
    await start()
    setting.fake.gateway.drop()
    await eventually(() => expect(sink.states.at(-1)).toBe('failing'))

    await setting.bot.stop()
    const other = setting.open()
    await start(other)
    says('only once')
    await hears('only once')

    // The other one has connected after the time that the first would have waited.
    setting.fake.gateway.drop()
    says('once more')
    await hears('only once', 'once more')
    expect(setting.fake.gateway).toMatchObject({ identifies: 1, resumes: 2, connections: 1 })
  })

  it('leaves with Discord what is too much to be kept in memory', async () => {
    await start()
    let open = (): void => {}
    sink.gate = new Promise((resolve) => {
      open = resolve
    })
    const count = 1_100
    for (let n = 0; n < count; n++) says(`number ${n}`)
    await eventually(() => expect(sink.states.at(-1)).toBe('limited'))

    open()
    await eventually(() => expect(sink.messages).toHaveLength(count))

    expect(texts()).toEqual(Array.from({ length: count }, (_, n) => `number ${n}`))
    expect(sink.states.at(-1)).toBe('well')
  })
})

describe('a message', () => {
  it('that cannot be stored is given up after a quarter of an hour, and the next one comes', async () => {
    await start()
    const { message } = sink
    sink.message = async (one) => {
      if (one.text === 'poison') throw new Error('it can not be stored')
      await message(one)
    }
    says('poison')
    says('food')
    await eventually(() => expect(setting.reported.length).toBeGreaterThan(0))

    for (let minute = 0; minute < 16; minute++) await setting.clock.advance(60_000)

    await hears('food')
  })

  it('is stored later when its channel cannot be asked for now', async () => {
    await start()
    const channel = {
      id: setting.fake.world.nextId(),
      type: 11,
      name: 'plan',
      parent_id: ids.group,
      guild_id: ids.guild,
    }
    setting.fake.world.channels.set(channel.id, channel)
    setting.fake.trouble = { kind: 'status', status: 503, body: '' }
    says('in a thread', { channel_id: channel.id })
    await eventually(() => expect(setting.reported).toHaveLength(1))

    setting.fake.trouble = undefined
    await setting.clock.advance(1_000)

    await hears('in a thread')
    expect(sink.messages[0]?.chat).toEqual({
      id: channel.id,
      type: 'thread',
      name: 'plan',
      topic: null,
      scopeId: ids.guild,
      threadId: channel.id,
      parentId: ids.group,
    })
  })

  it('comes with the names that its place has now', async () => {
    const { world, gateway } = setting.fake
    const thread = { id: world.nextId(), type: 12, name: 'first', parent_id: ids.group, guild_id: ids.guild }
    world.channels.set(thread.id, thread)
    await start()
    gateway.dispatch('CHANNEL_UPDATE', { ...world.channels.get(ids.group), name: 'operations' })
    gateway.dispatch('THREAD_UPDATE', { ...thread, name: 'second' })
    says('one')
    says('two', { channel_id: thread.id })
    await hears('one', 'two')

    expect(sink.messages.map(({ chat }) => [chat.type, chat.name])).toEqual([
      ['group', 'operations'],
      ['thread', 'second'],
    ])
    // It knew them all.
    expect(setting.fake.calls).toEqual(['GET /gateway/bot'])
  })

  it('is none when it is a notice, a preview, or the bot’s own', async () => {
    await start()
    says('joined', { type: 7 })
    const old = says('look: https://example.com')
    says('look: https://example.com', { id: old.id, edited_timestamp: null }, 'MESSAGE_UPDATE')
    const own = says('mine', { author: setting.fake.world.bot })
    setting.fake.gateway.dispatch('MESSAGE_UPDATE', { id: old.id, channel_id: ids.group })
    says('last')
    await hears('look: https://example.com', 'last')

    expect(sink.sightings).toEqual([`${ids.group} ${own.id}`])
    expect(setting.reported).toEqual([])
  })

  it('is passed over when it makes no sense', async () => {
    await start()
    says('broken', { mentions: 'nobody', attachments: null } as never)
    setting.fake.gateway.dispatch('GUILD_CREATE', { id: 5 })
    says('whole')

    await hears('whole')
    expect(setting.reported).toHaveLength(2)
  })

  it('of an edit that is told twice is the same edit', async () => {
    await start()
    const edit = { edited_timestamp: '2026-01-01T00:05:00.000000+00:00' }
    const { id } = says('teh')
    for (const _ of [1, 2]) says('the', { id, ...edit }, 'MESSAGE_UPDATE')
    await hears('teh', 'the', 'the')

    expect(new Set(sink.messages.map(({ dedupe }) => dedupe)).size).toBe(2)
    expect(sink.messages.map(({ isEdit }) => isEdit)).toEqual([false, true, true])
    expect(sink.messages[1]?.sentAt).toBe(Date.UTC(2026, 0, 1, 0, 5))
  })

  it('speaks to the bot by the role that Discord made for it', async () => {
    const { guild } = setting.fake.world
    guild.roles.push({ id: '900000000000000099', permissions: '0', tags: { bot_id: ids.bot } })
    await start()
    says('you', { mention_roles: ['900000000000000099'] })
    says('they', { mention_roles: ['900000000000000098'] })
    says('@everyone', { mention_everyone: true })
    await hears('you', 'they', '@everyone')

    expect(sink.messages.map(({ addressesBot }) => addressesBot)).toEqual([true, false, false])
  })

  it('says who wrote it, and whether that is a machine', async () => {
    await start()
    says('nick', { member: { nick: 'Ada L.', roles: [] } })
    says('plain')
    says('hook', { webhook_id: '900000000000000077' })
    await hears('nick', 'plain', 'hook')

    expect(sink.messages.map(({ author }) => [author.displayName, author.handle, author.isBot])).toEqual([
      ['Ada L.', 'ada', false],
      ['ada by name', 'ada', false],
      ['ada by name', 'ada', true],
    ])
  })

  it('knows a voice message, a sticker, a forward and an answer to what is gone', async () => {
    await start()
    const voice = {
      id: '1',
      filename: 'v.ogg',
      size: 9,
      url: 'https://cdn.example/v.ogg',
      content_type: 'audio/ogg',
    }
    says('', { attachments: [voice], flags: 1 << 13 })
    says('', { sticker_items: [{ id: '1', name: 'wave', format_type: 1 }] })
    const reference = { message_id: ids.ada, channel_id: ids.group }
    says('', { message_reference: { ...reference, type: 1 }, type: 0 } as never)
    says('late', { message_reference: reference, referenced_message: null })
    await eventually(() => expect(sink.messages).toHaveLength(4))

    expect(sink.messages.map(({ messageType }) => messageType)).toEqual(['voice', 'sticker', 'text', 'text'])
    expect(sink.messages[0]?.media).toMatchObject([{ kind: 'voice', mime: 'audio/ogg', size: 9 }])
    expect(sink.messages.map(({ replyTo }) => replyTo)).toEqual([
      undefined,
      undefined,
      undefined,
      { messageId: ids.ada },
    ])
  })
})
