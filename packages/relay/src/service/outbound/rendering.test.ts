import { deliveryErrors } from '@parley/kernel/delivery'
import { fakeClock } from '@parley/testkit'
import { describe, expect, it } from 'vitest'
import { relayErrors } from '../../errors.js'
import type { PromptAction } from '../../protocol/index.js'
import { actionsIn, aSend, openOutbound } from './outbound.test.support.js'

const aPrompt = (change: Partial<PromptAction> = {}): PromptAction => ({
  ...(actionsIn('c-a1').find(({ op }) => op === 'prompt') as PromptAction),
  ...change,
})
const options = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ id: `c${n}`, label: `Choice ${n}` }))

describe('a prompt', () => {
  // proves: relay.f13
  it('is shown with buttons where they fit, and known by whose it is', async () => {
    const clock = fakeClock()
    const { ask, bot, deps, receipts } = await openOutbound({ clock })
    const { prompts } = deps.store
    let known: unknown
    bot.answer(async () => {
      known = await prompts.find(bot.identity, 'c-a1', 'a1b2c3.0f3e9d77', clock.micros())
      return { outcome: 'done', messageId: 'm7' }
    })

    expect(await ask('a1', aPrompt())).toEqual({ success: true, message_id: 'm7' })

    // A press may be faster than the answer.
    expect(known).toMatchObject([{ tenant: 'a', instanceId: 'a1', messageId: null, rung: 'buttons' }])
    const row = { ...bot.identity, tenant: 'a', instanceId: 'a1', chatId: 'c-a1', messageId: 'm7' }
    expect(await prompts.find(bot.identity, 'c-a1', 'a1b2c3.0f3e9d77', clock.micros())).toMatchObject([
      { ...row, rung: 'buttons', options: aPrompt().options },
    ])
    expect(await receipts()).toMatchObject([{ op: 'prompt', state: 'sent', rung: 'native', messageId: 'm7' }])
    // A late press still finds its owner, who says that nobody waits any more.
    const late = clock.micros() + 2 * 3_600_000_000
    expect(await prompts.find(bot.identity, 'c-a1', 'a1b2c3.0f3e9d77', late)).toHaveLength(1)
  })

  // proves: relay.f13
  it.each([
    ['too many', { options: options(6) }],
    ['too long', { options: [{ id: 'x', label: 'y'.repeat(41) }] }],
  ])('is numbered text where its buttons are %s', async (_, change) => {
    const clock = fakeClock()
    const { ask, bot, deps, receipts } = await openOutbound({ clock })
    const action = aPrompt({ ...change, timeout_s: 60 })

    expect(await ask('a1', action)).toMatchObject({ success: true })

    const lines = action.options.map(({ label }, n) => `${n + 1}. ${label}`).join('\n')
    expect(bot.performed).toEqual([
      {
        op: 'send',
        chat_id: 'c-a1',
        content: `Run it?\n\n${lines}\n\nAnswer with a number.`,
        reply_to: null,
        metadata: {},
      },
    ])
    const open = (at: number) => deps.store.prompts.openTexts(bot.identity, 'c-a1', at)
    expect(await open(clock.micros())).toMatchObject([{ promptId: action.prompt_id, rung: 'text' }])
    expect(await open(clock.micros() + 61_000_000)).toEqual([])
    expect(await receipts()).toMatchObject([{ rung: 'text', state: 'sent' }])
  })

  it('that was refused is forgotten, and one that may have been shown is not', async () => {
    const { ask, bot, deps } = await openOutbound()
    const find = (id: string) => deps.store.prompts.find(bot.identity, 'c-a1', id, deps.ground.clock.micros())
    bot.answer({ outcome: 'refused', error: 'no' }, { outcome: 'ambiguous', error: 'who knows' })

    expect(await ask('a1', aPrompt({ prompt_id: 'p1' }))).toEqual({ success: false, error: 'no' })
    expect(await find('p1')).toEqual([])
    expect(await ask('a1', aPrompt({ prompt_id: 'p2' }))).toMatchObject({ ambiguous: true })
    expect(await find('p2')).toHaveLength(1)
  })

  // proves: relay.f13
  it.each([
    [{ prompt_id: '' }, 'prompt_id'],
    [{ prompt_id: 'has space' }, 'prompt_id'],
    [{ prompt_id: 'x'.repeat(33) }, 'prompt_id'],
    [{ options: [] }, 'options'],
    [{ options: [{ id: 'a:b', label: 'x' }] }, 'options'],
    [{ options: [{ id: 'a', label: '' }] }, 'options'],
    [
      {
        options: [
          { id: 'a', label: 'x' },
          { id: 'a', label: 'y' },
        ],
      },
      'options',
    ],
    // 32 + 28 characters make a token of 65 bytes.
    [{ prompt_id: 'x'.repeat(32), options: [{ id: 'y'.repeat(28), label: 'x' }] }, 'options'],
    [{ timeout_s: -1 }, 'timeout_s'],
  ])('that no control could carry is refused: %j', async (change, field) => {
    const { ask, bot } = await openOutbound()

    expect(await ask('a1', aPrompt(change))).toEqual({ success: false, error: `invalid action: ${field}` })
    expect(bot.performed).toEqual([])
  })

  it('with a token of exactly 64 bytes is shown', async () => {
    const { ask } = await openOutbound()
    const change = { prompt_id: 'x'.repeat(32), options: [{ id: 'y'.repeat(27), label: 'x' }] }

    expect(await ask('a1', aPrompt(change))).toMatchObject({ success: true })
  })

  it('that is too long is shown whole, its controls last', async () => {
    const { ask, bot } = await openOutbound({ bot: { limits: { messageLength: 10 } } })

    const result = await ask('a1', aPrompt({ content: 'rm -rf / && reboot', reply_to: 'm0' }))

    expect(bot.performed).toMatchObject([
      { op: 'send', content: 'rm -rf / ', reply_to: 'm0' },
      { op: 'prompt', content: '&& reboot' },
    ])
    expect(result).toEqual({ success: true, message_id: 'm2' })
  })
})

describe('a text', () => {
  it('over the limit is split, and the first piece answers', async () => {
    const { ask, bot, receipts } = await openOutbound({
      bot: { limits: { messageLength: 5 }, descriptor: { len_unit: 'chars' } },
    })

    const result = await ask('a1', { ...aSend('c-a1', '🙂🙂🙂🙂🙂abcdefg'), reply_to: 'm0' })

    expect(result).toEqual({ success: true, message_id: 'm1' })
    expect(bot.performed).toMatchObject([
      { content: '🙂🙂🙂🙂🙂', reply_to: 'm0' },
      { content: 'abcde', reply_to: null },
      { content: 'fg', reply_to: null },
    ])
    expect(await receipts()).toMatchObject([{ state: 'sent', rung: 'split', attempts: 1, messageId: 'm1' }])
  })

  it('of which a piece was refused may not be sent again blindly', async () => {
    const { ask, bot, receipts } = await openOutbound({ bot: { limits: { messageLength: 5 } } })
    bot.answer({ outcome: 'done', messageId: 'm1' }, { outcome: 'refused', error: 'banned' })

    const error = 'only a part was sent: banned'
    expect(await ask('a1', aSend('c-a1', 'hello world'))).toEqual({ success: false, error, ambiguous: true })
    expect(await receipts()).toMatchObject([{ state: 'parked', error }])
  })

  it('of an edit is cut, for a message stays one', async () => {
    const { ask, bot, receipts } = await openOutbound({ bot: { limits: { messageLength: 5 } } })

    await ask('a1', { op: 'edit', chat_id: 'c-a1', message_id: 'm0', content: 'hello world' })

    expect(bot.performed).toMatchObject([{ op: 'edit', content: 'hello' }])
    expect(await receipts()).toMatchObject([{ rung: 'cut' }])
  })

  it('says how the platform degraded it', async () => {
    const { ask, bot, receipts } = await openOutbound()
    bot.answer({
      outcome: 'done',
      messageId: 'm1',
      rung: 'unreplied',
      threadId: 't1',
      autoThreadName: 'Plan',
    })

    expect(await ask('a1', { ...aSend('c-a1'), reply_to: 'gone' })).toEqual({
      success: true,
      message_id: 'm1',
      thread_id: 't1',
      auto_thread_name: 'Plan',
    })
    expect(await receipts()).toMatchObject([{ rung: 'unreplied' }])
  })

  it('of an indicator that is empty clears it: nothing is set', async () => {
    const { ask, bot } = await openOutbound()

    expect(await ask('a1', { op: 'typing', chat_id: 'c-a1', content: '' })).toEqual({ success: true })
    expect(await ask('b1', { op: 'typing', chat_id: 'c-a1', content: '' })).toMatchObject({ success: false })
    expect(bot.performed).toEqual([])
  })
})

describe('a file', () => {
  const media = (change = {}) => ({
    op: 'send_media',
    chat_id: 'c-a1',
    media_kind: 'document',
    source_url: 'https://files.test/log.png',
    content: '',
    ...change,
  })

  it('has its caption behind it as text where it is too long', async () => {
    const { ask, bot } = await openOutbound({ bot: { limits: { captionLength: 3 } } })

    expect(await ask('a1', media({ content: 'a log', filename: 'x.txt' }))).toEqual({
      success: true,
      message_id: 'm1',
    })
    expect(bot.performed).toMatchObject([
      { op: 'send_media', content: '', file: { filename: 'x.txt' } },
      { op: 'send', content: 'a log' },
    ])
  })

  it('that can not be had is a failure that says why, but no more than may be said', async () => {
    let error: unknown = relayErrors.mediaTooLarge()
    const { ask, bot, deps } = await openOutbound({
      media: {
        fetchSource: async () => {
          throw error
        },
      },
    })

    expect(await ask('a1', media())).toEqual({
      success: false,
      error: 'media is limited to 26214400 bytes',
    })
    for (const outside of ['hostNotFound', 'unreachable', 'timedOut'] as const) {
      error = deliveryErrors[outside]()
      expect(await ask('a1', media())).toEqual({ success: false, error: 'source_url could not be loaded' })
    }
    expect(deps.faults).toEqual([])
    error = new Error('connect ECONNREFUSED 10.0.0.7 with SECRET')
    expect(await ask('a1', media())).toEqual({ success: false, error: 'temporarily unavailable' })
    expect(deps.faults).toEqual([error])
    expect(bot.performed).toEqual([])
  })

  it('over what the platform takes is refused before the call', async () => {
    const { ask, bot } = await openOutbound({ bot: { limits: { mediaBytes: 2 } } })

    expect(await ask('a1', media())).toEqual({
      success: false,
      error: 'the file is too large for this platform',
    })
    expect(bot.performed).toEqual([])
  })
})
