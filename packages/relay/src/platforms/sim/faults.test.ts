import { eventually, testGrounds } from '@parley/testkit'
import { expect, test } from 'vitest'
import { said, open as signal, simGround } from './world.test.support.js'

const memory = (await testGrounds())[0]!
const send = { op: 'send', chat_id: 'c1', content: 'hello' } as const

test('an outage fails every call and shows in the health, until it is over', async () => {
  const { open } = await simGround(memory)
  const { bot, sink } = await open().started()
  await bot.sim.say(said)

  bot.sim.faults({ outage: true })
  expect(await bot.perform(send, signal())).toMatchObject({ outcome: 'failed' })
  bot.sim.faults({ outage: false })
  expect(await bot.perform(send, signal())).toMatchObject({ outcome: 'done' })

  await eventually(() => sink.states.length === 3)
  expect(sink.states).toEqual(['well', 'failing', 'well'])
})

test('what is ambiguous was done all the same', async () => {
  const { open } = await simGround(memory)
  const { bot } = await open().started()
  await bot.sim.say(said)

  bot.sim.faults({ ambiguousShare: 1 })

  expect(await bot.perform(send, signal())).toMatchObject({ outcome: 'ambiguous' })
  expect(bot.sim.messages('c1').map(({ text }) => text)).toEqual(['hello', 'hello'])
})

test('a share is the same share in every run', async () => {
  const outcomes = async () => {
    const { clock, open } = await simGround(memory)
    const { bot } = await open().started()
    await bot.sim.say(said)
    bot.sim.faults({ ambiguousShare: 0.5 })
    const seen: string[] = []
    for (let n = 0; n < 20; n++) {
      await clock.advance(1_000)
      seen.push((await bot.perform(send, signal())).outcome)
    }
    return seen
  }

  const first = await outcomes()

  expect(await outcomes()).toEqual(first)
  expect(new Set(first)).toEqual(new Set(['done', 'ambiguous']))
})

test('a doubled update comes twice under the same name', async () => {
  const { open } = await simGround(memory)
  const { bot, sink } = await open().started()

  bot.sim.faults({ duplicateShare: 1 })
  await bot.sim.say(said)

  expect(sink.messages).toHaveLength(2)
  expect(sink.messages[0]).toEqual(sink.messages[1])
})

test('a late update comes after the next one, or after a second', async () => {
  const { clock, open } = await simGround(memory)
  const { bot, sink } = await open().started()

  bot.sim.faults({ reorderShare: 1 })
  const first = bot.sim.say({ ...said, text: 'first' })
  await eventually(() => bot.sim.messages('c1').length === 1)
  bot.sim.faults({ reorderShare: 0 })
  await Promise.all([first, bot.sim.say({ ...said, text: 'second' })])
  expect(sink.messages.map(({ text }) => text)).toEqual(['second', 'first'])

  bot.sim.faults({ reorderShare: 1 })
  const alone = bot.sim.say({ ...said, text: 'alone' })
  await eventually(() => bot.sim.messages('c1').length === 3)
  await eventually(() => clock.pending > 0)
  await clock.advance(1_000)
  await alone
  expect(sink.messages.at(-1)?.text).toBe('alone')
})

test('too many calls of a chat are limited, and other chats are not', async () => {
  const { clock, open } = await simGround(memory)
  const { bot } = await open().started()
  await bot.sim.say(said)
  await bot.sim.say({ ...said, chatId: 'c2' })

  bot.sim.faults({ callsPerSecond: 2 })
  const outcomes = []
  for (let n = 0; n < 3; n++) outcomes.push(await bot.perform(send, signal()))

  expect(outcomes).toMatchObject([
    { outcome: 'done' },
    { outcome: 'done' },
    { outcome: 'limited', retryAfterMs: 1_000 },
  ])
  expect(await bot.perform({ ...send, chat_id: 'c2' }, signal())).toMatchObject({ outcome: 'done' })
  await clock.advance(1_000)
  expect(await bot.perform(send, signal())).toMatchObject({ outcome: 'done' })
})
