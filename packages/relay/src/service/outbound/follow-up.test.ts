import { fakeClock } from '@parley/testkit'
import { describe, expect, it } from 'vitest'
import { limits } from '../../protocol/index.js'
import { fakeBot } from '../fake-bot.test.support.js'
import { instance, openOutbound, type TestOutbound } from './outbound.test.support.js'

const kind = 'discord.interaction_token'
const canary = 'CANARY-interaction-token'
const unavailable = { success: false, error: 'capability unavailable' }
const followUp = (session_key: string, more = {}) => ({
  op: 'follow_up',
  session_key,
  kind,
  content: 'Done.',
  metadata: {},
  ...more,
})

const bound = ({ vault, commit, bot }: TestOutbound, name: string, sessionKey: string) =>
  commit(
    ...vault.bindOps({ ...instance(name), ...bot.identity, kind, sessionKeys: [sessionKey], secret: canary }),
  )

describe('a follow-up', () => {
  // proves: relay.f16
  it('uses the secret that its session names, the first time in place of the placeholder', async () => {
    const test = await openOutbound()
    const { ask, bot, receipts } = test
    await bound(test, 'a1', 'k1')

    const results = await Promise.all([
      ask('a1', followUp('k1')),
      ask('a1', followUp('k1', { content: 'More.' })),
    ])

    expect(results).toMatchObject([{ success: true }, { success: true }])
    expect(bot.performed).toEqual([
      { op: 'follow_up', secret: canary, isFirst: true, content: 'Done.' },
      { op: 'follow_up', secret: canary, isFirst: false, content: 'More.' },
    ])
    // The secret is nowhere but in the call.
    const kept = await receipts()
    expect(kept).toMatchObject([
      { op: 'follow_up', state: 'sent', chatId: '' },
      { op: 'follow_up', state: 'sent', chatId: '' },
    ])
    expect(JSON.stringify([kept, results])).not.toContain(canary)
  })

  // proves: relay.s11
  it('gets the same bytes when it is absent, expired, of another tenant, instance, kind or bot', async () => {
    const clock = fakeClock()
    const other = fakeBot({ platform: 'telegram', botId: '7' })
    const test = await openOutbound({ clock, bots: [fakeBot(), other] })
    const { ask, bot, commit, deps, link } = test
    await bound(test, 'a1', 'k1')
    await bound(test, 'b1', 'k2')

    const answers = [
      await ask('b1', followUp('k1')),
      await ask('a2', followUp('k1')),
      await ask('a1', followUp('k2')),
      await ask('a1', followUp('k3')),
      await ask('a1', followUp('k1', { kind: 'other' })),
      await ask('a1', followUp('k1'), { link: link('a1', [other.identity]) }),
    ]
    await commit(deps.store.gateways.change('gw-b1', { revokedAt: 5 }))
    answers.push(await ask('b1', followUp('k2')))
    await clock.advance(limits.capabilityMs + 1)
    answers.push(await ask('a1', followUp('k1')))

    expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(
      new Set([JSON.stringify(unavailable)]),
    )
    expect(bot.performed).toEqual([])
  })

  it('is answered for the frame of a default that has none, when another identity has it', async () => {
    const discord = fakeBot()
    const telegram = fakeBot({ platform: 'telegram', botId: '7', descriptor: { supported_ops: ['send'] } })
    const test = await openOutbound({ bots: [discord, telegram] })
    await bound(test, 'a1', 'k1')
    const link = test.link('a1', [telegram.identity, discord.identity])

    expect(await test.ask('a1', followUp('k1'), { link })).toMatchObject({ success: true })
    expect(discord.performed).toHaveLength(1)
    expect(await test.ask('a1', followUp('k1'), { link, target: { platform: 'telegram' } })).toEqual({
      success: false,
      error: 'unsupported op: follow_up',
    })
  })
})
