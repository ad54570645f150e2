import { eventually, testGrounds } from '@parley/testkit'
import { describe, expect, test } from 'vitest'
import { testSink } from '../conformance/sink.js'
import { isSimBot } from '../sim-port.js'
import { simDriver } from './driver.js'
import { said, open as signal, simGround } from './world.test.support.js'

const grounds = await testGrounds()
const memory = grounds[0]!

for (const ground of grounds)
  describe(`a simulated platform on ${ground.name}`, () => {
    test('is there again after a restart, with everything that happened', async () => {
      const { open } = await simGround(ground)
      const first = await open().started()
      const message = await first.bot.sim.say({ ...said, text: 'remember me' })
      const send = { op: 'send', chat_id: 'c1', content: 'I will', reply_to: message.id } as const
      await first.bot.perform(send, signal())
      await first.bot.perform({ op: 'react', chat_id: 'c1', message_id: message.id, emoji: '👀' }, signal())
      await first.bot.stop()

      const second = open()
      await eventually(() => second.bot.sim.messages('c1').length === 2)

      for (const part of ['users', 'scopes', 'chats'] as const)
        expect(second.bot.sim[part]).toEqual(first.bot.sim[part])
      await eventually(() => second.bot.sim.messages('c1')[0]?.reactions.length === 1)
      expect(second.bot.sim.messages('c1')).toEqual(first.bot.sim.messages('c1'))
      expect(await second.bot.canView('ada', { chatId: 'c1', scopeId: 's1' })).toBe('yes')
    })

    test('delivers again at the next start what nobody has accepted', async () => {
      const { open } = await simGround(ground)
      const first = await open().started()
      first.sink.isBroken = true
      const lost = first.bot.sim.say(said).catch((error: unknown) => error)
      await eventually(() => first.sink.attempts > 0)
      await first.bot.stop()

      expect(await lost).toMatchObject({ code: 'relay.unavailable' })
      const second = await open().started()
      await eventually(() => second.sink.messages.length > 0)
      await second.bot.sim.say({ ...said, text: 'another' })

      expect(second.sink.messages.map(({ text }) => text)).toEqual(['hello', 'another'])
    })
  })

const shared = grounds.find(({ engine }) => engine === 'postgres')
// proves: relay.f29
test.skipIf(!shared)('is one platform for two nodes, and the one that started it delivers', async () => {
  const { open, another } = await simGround(shared!)
  const here = open()
  const there = await open(await another!()).started()

  const message = await here.bot.sim.say({ ...said, text: 'from the other side' })

  expect(there.sink.messages).toMatchObject([{ text: 'from the other side', messageId: message.id }])
  expect(here.sink.attempts).toBe(0)
  await there.bot.perform({ op: 'typing', chat_id: 'c1' }, signal())
  await eventually(() => here.bot.sim.typing().length === 1)
  await there.bot.perform({ op: 'send', chat_id: 'c1', content: 'read you' }, signal())
  await eventually(() => here.bot.sim.messages('c1').length === 2)
  there.bot.sim.faults({ outage: true })
  await eventually(() => here.bot.sim.faults().outage)
})

test('makes what is not there: user, chat and scope', async () => {
  const { open } = await simGround(memory, 'sim')
  const { bot, sink } = await open().started()

  await bot.sim.say({ userId: 'ada', chatId: 'd1', text: 'hi' })
  await bot.sim.say({ userId: 'ben', chatId: 'c1', scopeId: 's1', text: 'hi' })
  await bot.sim.say({ userId: 'cem', chatId: 'g1', chatType: 'group', text: 'hi' })

  expect(bot.sim.users.map(({ id }) => id)).toEqual(['ada', 'ben', 'cem'])
  expect(bot.sim.scopes).toEqual([{ id: 's1', name: 's1', members: ['ben'] }])
  expect(bot.sim.chats).toMatchObject([
    { id: 'd1', type: 'dm', scopeId: null, members: ['ada'] },
    { id: 'c1', type: 'group', scopeId: 's1', members: null },
    { id: 'g1', type: 'group', scopeId: null, members: ['cem'] },
  ])
  expect(sink.messages.map(({ chat }) => chat.type)).toEqual(['dm', 'group', 'group'])
  const foreign = bot.sim.say({ userId: 'ben', chatId: 'd1', text: 'hi' })
  await expect(foreign).rejects.toMatchObject({ code: 'relay.invalid_request' })
})

test('only a bot that was spoken to is addressed, and longer names are other names', async () => {
  const { open } = await simGround(memory)
  const { bot, sink } = await open().started()
  const texts = ['hello', '@Bot hello', 'hey @bot!', '@botany is nice', '<@b1> hello', 'mail@b1.example']

  for (const text of texts) await bot.sim.say({ ...said, text })

  expect(sink.messages.map(({ addressesBot }) => addressesBot)).toEqual([
    false,
    true,
    true,
    false,
    true,
    false,
  ])
})

test('names a topic together with its forum on Telegram, and a thread by itself elsewhere', async () => {
  for (const [platform, id, type] of [
    ['telegram', 'f1', 'forum'],
    ['discord', 't1', 'thread'],
  ] as const) {
    const { open } = await simGround(memory, platform)
    const { bot, sink } = await open().started()
    const common = { scopeId: null, members: ['ada'] }
    await bot.sim.addChat({ ...common, id: 'f1', type: 'forum', name: 'ideas', parentId: null })
    await bot.sim.addChat({ ...common, id: 't1', type: 'thread', name: 'one', parentId: 'f1' })

    const message = await bot.sim.say({ userId: 'ada', chatId: 't1', text: 'hi' })
    await bot.perform({ op: 'send', chat_id: id, content: 'yes', metadata: { thread_id: 't1' } }, signal())
    await bot.perform({ op: 'react', chat_id: id, message_id: message.id, emoji: '👀' }, signal())

    expect(sink.messages[0]?.chat).toMatchObject({ id, type, threadId: 't1' })
    expect(bot.sim.messages('t1').map(({ text }) => text)).toEqual(['hi', 'yes'])
    expect(bot.sim.messages('t1')[0]?.reactions).toHaveLength(1)
    expect(sink.sightings).toEqual([`${id} ${bot.sim.messages('t1')[1]?.id}`])
  }
})

test('a message of the bot ends its typing, and time does', async () => {
  const { clock, open } = await simGround(memory)
  const { bot } = await open().started()
  await bot.sim.say(said)
  const type = async () => {
    await bot.perform({ op: 'typing', chat_id: 'c1' }, signal())
    await eventually(() => bot.sim.typing().length === 1)
  }

  await type()
  await bot.perform({ op: 'send', chat_id: 'c1', content: 'there' }, signal())
  expect(bot.sim.typing()).toEqual([])

  await type()
  await clock.advance(5_000)
  expect(bot.sim.typing()).toEqual([])
})

test('a token of an interaction is good for a quarter of an hour, and is in no event', async () => {
  const { clock, open, ground } = await simGround(memory)
  const { bot, sink } = await open().started()
  await bot.sim.say(said)
  await bot.sim.command({ userId: 'ada', chatId: 'c1', name: 'new' })
  const secret = sink.forwards[0]?.capability?.secret ?? ''
  const followUp = { op: 'follow_up', secret, isFirst: false, content: 'late' } as const

  const { events } = await ground.log.read('relay-sim:discord/b1', { after: 0 })
  expect(secret).not.toBe('')
  expect(JSON.stringify(events)).not.toContain(secret)
  expect(await bot.perform(followUp, signal())).toMatchObject({ outcome: 'done' })
  await clock.advance(900_000)
  expect(await bot.perform(followUp, signal())).toMatchObject({ outcome: 'refused' })
})

test('keeps the newest 2,000 messages of a chat', async () => {
  const { open } = await simGround(memory)
  const { bot } = await open().started()
  const texts = Array.from({ length: 2_010 }, (_, n) => `m${n}`)

  await bot.sim.say({ ...said, text: 'the first' })
  await Promise.all(texts.map((text) => bot.sim.say({ ...said, text })))

  const kept = bot.sim.messages('c1')
  expect(kept).toHaveLength(2_000)
  expect(kept.at(-1)?.text).toBe('m2009')
  expect(bot.sim.messages('c1', { limit: 2 }).map(({ text }) => text)).toEqual(['m2008', 'm2009'])
  const after = kept.at(-3)?.id
  expect(bot.sim.messages('c1', { after }).map(({ text }) => text)).toEqual(['m2008', 'm2009'])
})

test('refuses what does not fit, with words', async () => {
  const { open } = await simGround(memory)
  const { bot } = await open().started()
  const { sim } = bot
  await sim.say({ ...said, messageId: 'm1' })
  const file = { filename: 'a', mime: 'b/c', bytes: new Uint8Array(1_048_577) }
  const wrong = [
    () => sim.say({ ...said, text: 'x'.repeat(65_537) }),
    () => sim.say({ ...said, userId: '' }),
    () => sim.say({ ...said, media: [file] }),
    () => sim.say({ ...said, userId: 'ben', messageId: 'm1' }),
    () => sim.press({ userId: 'ada', chatId: 'c1', messageId: 'm1', optionId: 'x' }),
    () => sim.command({ userId: 'ada', chatId: 'nowhere', name: 'new' }),
    () =>
      sim.addChat({ id: 'c9', type: 'thread', name: 'x', scopeId: null, parentId: 'none', members: null }),
    async () => sim.faults({ ambiguousShare: 2 }),
  ]

  for (const call of wrong) await expect(call()).rejects.toMatchObject({ code: 'relay.invalid_request' })
  expect(sim.messages('c1')).toHaveLength(1)
  expect(() => simDriver().open({ settings: { username: 7 } } as never)).toThrow('settings.username')
  expect(isSimBot(bot)).toBe(true)
})

test('can not be used once it was stopped', async () => {
  const { open } = await simGround(memory)
  const { bot } = await open().started()
  await bot.sim.say(said)
  await bot.stop()

  const send = { op: 'send', chat_id: 'c1', content: 'hello?' } as const
  expect(await bot.perform(send, signal())).toMatchObject({ outcome: 'failed' })
  await expect(bot.sim.say(said)).rejects.toMatchObject({ code: 'relay.unavailable' })
  await expect(open().bot.start(testSink())).resolves.toBeUndefined()
})
