import { eventually } from '@parley/testkit'
import { describe, expect, it } from 'vitest'
import type { PlatformResult } from '../../platforms/port.js'
import { aSend, later } from './outbound.test.support.js'
import { openTimed as open, waitFor } from './timed.test.support.js'

const slow = { chatRate: { calls: 3, perMs: 60_000 } }
const anEdit = (content: string, message_id = 'm0') => ({ op: 'edit', chat_id: 'c-a1', message_id, content })
const aReaction = (chat_id = 'c-a1') => ({ op: 'react', chat_id, message_id: 'm0', emoji: '👀' })

describe('a chat', () => {
  it('gets what it is sent in the order in which it was asked for, whatever else is slow', async () => {
    const { ask, bot, contents, heard } = await open()
    await heard('a1', 'other')
    const first = later<PlatformResult>()
    bot.answer(() => first.promise)
    const asked = Array.from({ length: 20 }, (_, n) => ask('a1', aSend('c-a1', `${n}`)))

    await eventually(() => contents().length === 1)
    expect(await ask('a1', aSend('other', 'elsewhere'))).toMatchObject({ success: true })
    expect(contents()).toEqual(['0', 'elsewhere'])
    first.resolve({ outcome: 'done', messageId: 'm' })
    await Promise.all(asked)

    expect(contents()).toEqual(['0', 'elsewhere', ...Array.from({ length: 19 }, (_, n) => `${n + 1}`)])
  })

  it('is not held up by strangers whose right to it is still looked up', async () => {
    const { ask, bot, deps, commit } = await open()
    const answer = later<'yes' | 'no'>()
    bot.isIn = () => answer.promise
    await commit(...deps.store.routing.claimKeys({ tenant: 'b', platform: 'discord', keys: ['s-b'], at: 1 }))

    const stranger = ask('b1', { ...aSend('c-a1'), metadata: { scope_id: 's-b' } })
    expect(await ask('a1', aSend('c-a1', 'mine'))).toMatchObject({ success: true })
    answer.resolve('no')

    expect(await stranger).toMatchObject({ code: 'egress_declined' })
  })

  it('may take less than others on the same platform', async () => {
    const { ask, bot, contents, clock, queued } = await open()
    bot.rateOf = () => ({ calls: 1, perMs: 60_000 })
    const asked = ['1', '2'].map((content) => ask('a1', aSend('c-a1', content)))

    await asked[0]
    await queued(1)
    expect(contents()).toEqual(['1'])
    await clock.advance(25_000)
    expect(await asked[1]).toMatchObject({ ambiguous: true })
    await clock.advance(35_000)
    await eventually(() => contents().length === 2)
  })

  it('takes no more than its platform allows, and answers wait for their turn', async () => {
    const { ask, clock, contents, queued, receipts } = await open({ bot: { limits: slow } })
    const asked = ['1', '2', '3', '4', '5'].map((content) => ask('a1', aSend('c-a1', content)))

    await Promise.all(asked.slice(0, 3))
    // What waits is in custody, and known not to be begun.
    await queued(2)
    expect((await receipts()).slice(3)).toMatchObject([{ attempts: 0 }, { attempts: 0 }])
    await clock.advance(24_999)
    expect(contents()).toEqual(['1', '2', '3'])
    await clock.advance(1)
    const timeout = { success: false, error: 'platform timeout', ambiguous: true }
    expect(await Promise.all(asked.slice(3))).toEqual([timeout, timeout])
    await clock.advance(35_000)

    await queued(0)
    expect(contents()).toEqual(['1', '2', '3', '4', '5'])
    expect((await receipts()).map(({ state, attempts }) => [state, attempts])).toEqual(
      Array.from({ length: 5 }, () => ['sent', 1]),
    )
  })

  it('keeps its last seat for final answers: edits and what is cosmetic leave it', async () => {
    const { ask, clock, contents } = await open({ bot: { limits: slow } })

    await ask('a1', anEdit('one'))
    await ask('a1', anEdit('two'))
    expect(await ask('a1', aReaction())).toEqual({ success: true })
    expect(await ask('a1', { op: 'typing', chat_id: 'c-a1' })).toEqual({ success: true })
    // Who may not do it is not told that it was done.
    expect(await ask('b1', aReaction())).toMatchObject({ code: 'egress_declined' })
    expect(await ask('a1', aSend('c-a1', 'final'))).toMatchObject({ success: true })
    expect(contents()).toEqual(['one', 'two', 'final'])

    await clock.advance(60_000)
    await ask('a1', aReaction())
    expect(contents()).toEqual(['one', 'two', 'final', 'react'])
  })

  it('is edited once for all the edits of a message that wait, with the latest text', async () => {
    const { ask, bot, contents, queued, receipts } = await open()
    const first = later<PlatformResult>()
    bot.answer(() => first.promise)
    const sent = ask('a1', aSend('c-a1', 'first'))
    await eventually(() => contents().length === 1)
    const edits = ['a', 'ab', 'abc'].map((content) => ask('a1', anEdit(content)))
    const other = ask('a1', anEdit('x', 'm9'))
    await queued(5)

    first.resolve({ outcome: 'done', messageId: 'm1' })

    await Promise.all([sent, other])
    expect(await Promise.all(edits)).toEqual(
      Array.from({ length: 3 }, () => ({ success: true, message_id: 'm1' })),
    )
    expect(contents()).toEqual(['first', 'abc', 'x'])
    const rungs = (await receipts()).map(({ state, rung, attempts }) => [state, rung, attempts])
    expect(rungs).toEqual([
      ['sent', 'native', 1],
      ['sent', 'merged', 0],
      ['sent', 'merged', 0],
      ['sent', 'native', 1],
      ['sent', 'native', 1],
    ])
  })

  it('is left alone as long as the platform says, and then gets all in order', async () => {
    const { ask, bot, clock, contents, heard, queued, receipts } = await open()
    await heard('a1', 'other')
    bot.answer({ outcome: 'limited', retryAfterMs: 20_000 })
    const asked = [ask('a1', aSend('c-a1', '1')), ask('a1', aSend('c-a1', '2'))]

    await queued(2)
    expect(await ask('a1', aSend('other', '0'))).toMatchObject({ success: true })
    await clock.advance(19_999)
    expect(contents()).toEqual(['1', '0'])
    await clock.advance(1)

    expect(await Promise.all(asked)).toMatchObject([{ success: true }, { success: true }])
    expect(contents()).toEqual(['1', '0', '1', '2'])
    expect((await receipts())[0]).toMatchObject({ state: 'sent', attempts: 2 })
  })

  it('says its part for a job that waited too long', async () => {
    const { ask, bot, clock, receipts } = await open()
    const forever = Array.from(
      { length: 4 },
      (): PlatformResult => ({ outcome: 'limited', retryAfterMs: 1e9 }),
    )
    bot.answer(...forever)

    expect(await waitFor(clock, ask('a1', aSend('c-a1')))).toMatchObject({ ambiguous: true })
    await waitFor(
      clock,
      eventually(async () => (await receipts())[0]?.state === 'dead'),
      60_000,
    )

    expect(await receipts()).toMatchObject([{ state: 'dead', error: 'the platform takes no more calls now' }])
  })
})

describe('the connector itself', () => {
  it('speaks within the same rates, without a receipt', async () => {
    const { outbound, bot, clock, contents, ask, receipts } = await open({ bot: { limits: slow } })

    expect(await outbound.say(bot.identity, 'anywhere', 'Linked.')).toEqual({
      success: true,
      message_id: 'm1',
    })
    for (const content of ['1', '2', '3']) await ask('a1', aSend('c-a1', content))
    const said = outbound.say(bot.identity, 'c-a1', 'later')
    await clock.advance(0)
    expect(contents()).toEqual(['Linked.', '1', '2', '3'])
    expect(await waitFor(clock, said)).toMatchObject({ success: false, ambiguous: true })
    await clock.advance(60_000)
    await eventually(() => contents().includes('later'))
    expect(await receipts()).toHaveLength(3)
    expect(await outbound.say({ platform: 'x', botId: 'y' }, 'c', 'hi')).toEqual({
      success: false,
      error: 'bot unavailable',
    })
  })
})
