import { eventually } from '@parley/testkit'
import { describe, expect, it } from 'vitest'
import type { PlatformResult } from '../../platforms/port.js'
import type { OutboundResult } from '../../protocol/index.js'
import { aSend, later } from './outbound.test.support.js'
import { openTimed as open, waitFor } from './timed.test.support.js'

// proves: relay.f9
describe('a platform that', () => {
  const failed: PlatformResult = { outcome: 'failed', error: 'bad gateway' }

  it('is not well is tried again, three times with growing pauses', async () => {
    const { ask, bot, clock, receipts } = await open()
    bot.answer(failed, failed, failed)

    expect(await waitFor(clock, ask('a1', aSend('c-a1')))).toEqual({ success: true, message_id: 'm1' })
    expect(await receipts()).toMatchObject([{ state: 'sent', attempts: 4 }])

    bot.answer(failed, failed, failed, failed)
    expect(await waitFor(clock, ask('a1', aSend('c-a1')))).toEqual({ success: false, error: 'bad gateway' })
    expect((await receipts())[1]).toMatchObject({ state: 'dead', attempts: 4, error: 'bad gateway' })
    expect(bot.performed).toHaveLength(8)
  })

  it('refuses is asked once', async () => {
    const { ask, bot, receipts } = await open()
    bot.answer({ outcome: 'refused', error: 'chat not found' })

    expect(await ask('a1', aSend('c-a1'))).toEqual({ success: false, error: 'chat not found' })
    expect(await receipts()).toMatchObject([{ state: 'dead', attempts: 1, error: 'chat not found' }])
  })

  it('does not know is asked once, and a person decides', async () => {
    const { ask, bot, receipts } = await open()
    bot.answer({ outcome: 'ambiguous', error: 'connection lost' })

    expect(await ask('a1', aSend('c-a1'))).toEqual({
      success: false,
      error: 'connection lost',
      ambiguous: true,
    })
    expect(await receipts()).toMatchObject([{ state: 'parked', attempts: 1, error: 'connection lost' }])
    expect(bot.performed).toHaveLength(1)
  })

  it('takes longer than 25 s is answered for, and the receipt says the truth later', async () => {
    const { ask, bot, clock, receipts } = await open()
    const call = later<PlatformResult>()
    bot.answer(() => call.promise)
    const asked = ask('a1', aSend('c-a1'))
    await eventually(() => bot.performed.length === 1)

    await clock.advance(25_000)
    expect(await asked).toEqual({ success: false, error: 'platform timeout', ambiguous: true })
    expect(await receipts()).toMatchObject([{ state: 'queued', attempts: 1 }])
    call.resolve({ outcome: 'done', messageId: 'm7' })

    await eventually(async () => (await receipts())[0]?.state === 'sent')
    expect(await receipts()).toMatchObject([{ messageId: 'm7', error: null }])
  })

  it('never answers does not hold its chat for ever', async () => {
    const { ask, bot, clock, receipts } = await open()
    bot.answer(() => new Promise(() => undefined))
    const asked = [ask('a1', aSend('c-a1', '1')), ask('a1', aSend('c-a1', '2'))]
    await eventually(() => bot.performed.length === 1)

    const answers = await waitFor(clock, Promise.all(asked), 5_000)
    expect(answers.map((answer: OutboundResult) => answer.success)).toEqual([false, false])
    await waitFor(
      clock,
      eventually(async () => (await receipts())[1]?.state === 'sent'),
      5_000,
    )

    expect(await receipts()).toMatchObject([
      { state: 'parked', error: 'platform timeout' },
      { state: 'sent' },
    ])
  })

  it('throws is taken for one that may have done it, and what it threw stays here', async () => {
    const { ask, bot, deps, receipts } = await open()
    const fault = new Error('https://api.test/botSECRET/send')
    bot.answer(() => {
      throw fault
    })

    expect(await ask('a1', aSend('c-a1'))).toEqual({
      success: false,
      error: 'internal error',
      ambiguous: true,
    })
    expect(deps.faults).toEqual([fault])
    expect(JSON.stringify(await receipts())).not.toContain('SECRET')
  })
})
