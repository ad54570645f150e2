import { describe, expect, it } from 'vitest'
import type { PlatformResult } from '../../platforms/port.js'
import { fakeBot } from '../fake-bot.test.support.js'
import { checkAction } from './check-action.js'
import { actionsIn, aSend, later, openOutbound } from './outbound.test.support.js'

// proves: relay.f12
describe('every op', () => {
  it('is done on the platform with its own fields, and answered', async () => {
    const { ask, bot } = await openOutbound()

    const results = []
    for (const action of actionsIn('c-a1')) results.push(await ask('a1', action))

    expect(results).toEqual([
      { success: true, message_id: 'm1' },
      { success: true, message_id: 'm2' },
      { success: true },
      { success: true, chat_info: { name: 'c-a1', type: 'group' } },
      { success: true, message_id: 'm3' },
      { success: true, message_id: 'm4' },
      { success: true },
      { success: true, message_id: 'm5', thread_id: 't5' },
      { success: true },
    ])
    expect(bot.performed).toMatchObject([
      { op: 'send', chat_id: 'c-a1', content: 'hello', reply_to: null },
      { op: 'edit', message_id: 'm1', content: 'better' },
      { op: 'typing', chat_id: 'c-a1' },
      {
        op: 'send_media',
        media_kind: 'image',
        content: 'the log',
        file: { filename: 'log.png', mime: 'image/png', bytes: new Uint8Array([1, 2, 3]) },
      },
      {
        op: 'prompt',
        content: 'Run it?',
        controls: [
          { id: 'once', label: 'Approve once', style: 'success', token: 'hp1:a1b2c3.0f3e9d77:once' },
          { id: 'deny', label: 'Deny', style: 'danger', token: 'hp1:a1b2c3.0f3e9d77:deny' },
        ],
      },
      { op: 'react', message_id: 'm1', emoji: '👀', remove: false },
      { op: 'thread_create', thread_name: 'a plan' },
      { op: 'delete', message_id: 'm1' },
    ])
  })

  it('that nobody knows, or the bot does not list, is unsupported', async () => {
    const bot = fakeBot({ descriptor: { supported_ops: ['send', 'prompt'] } })
    const { ask } = await openOutbound({ bots: [bot] })

    for (const op of ['draft', 'task_card', 'task_card_stop', '__proto__', 'toString', 'nonsense'])
      expect(await ask('a1', { op, chat_id: 'c-a1', content: 'x' })).toEqual({
        success: false,
        error: `unsupported op: ${op}`,
      })
    for (const action of actionsIn('c-a1').filter(({ op }) => op !== 'send' && op !== 'prompt'))
      expect(await ask('a1', action)).toEqual({ success: false, error: `unsupported op: ${action.op}` })
    expect(bot.performed).toEqual([])
  })

  it.each([
    [undefined, 'op'],
    [[], 'op'],
    [{ chat_id: 'c' }, 'op'],
    [{ op: 5 }, 'op'],
    [{ op: 'send', content: 'x' }, 'chat_id'],
    [{ op: 'send', chat_id: 5, content: 'x' }, 'chat_id'],
    [{ op: 'send', chat_id: '', content: 'x' }, 'chat_id'],
    [{ op: 'send', chat_id: 'x'.repeat(257), content: 'x' }, 'chat_id'],
    [{ op: 'send', chat_id: 'c' }, 'content'],
    [{ op: 'send', chat_id: 'c', content: null }, 'content'],
    [{ op: 'send', chat_id: 'c', content: 'x'.repeat(100_001) }, 'content'],
    [{ op: 'send', chat_id: 'c', content: 'x', reply_to: 7 }, 'reply_to'],
    [{ op: 'send', chat_id: 'c', content: 'x', metadata: 'y' }, 'metadata'],
    [{ op: 'edit', chat_id: 'c', content: 'x' }, 'message_id'],
    [{ op: 'typing', chat_id: 'c', content: 1 }, 'content'],
    [{ op: 'follow_up', kind: 'k', content: '' }, 'session_key'],
    [{ op: 'follow_up', session_key: 's', content: '' }, 'kind'],
    [{ op: 'get_chat_info' }, 'chat_id'],
    [{ op: 'send_media', chat_id: 'c', source_url: 'u', content: '' }, 'media_kind'],
    [{ op: 'send_media', chat_id: 'c', media_kind: 'gif', source_url: 'u', content: '' }, 'media_kind'],
    [{ op: 'send_media', chat_id: 'c', media_kind: 'image', content: '' }, 'source_url'],
    [{ op: 'react', chat_id: 'c', message_id: 'm' }, 'emoji'],
    [{ op: 'react', chat_id: 'c', message_id: 'm', emoji: 'x', remove: 'no' }, 'remove'],
    [{ op: 'thread_create', chat_id: 'c', thread_name: ' \n ' }, 'thread_name'],
    [{ op: 'thread_rename', chat_id: 'c', thread_name: 'n' }, 'message_id'],
    [{ op: 'delete', chat_id: 'c', message_id: ['m'] }, 'message_id'],
  ])('with bad fields is refused and names the field: %j', (action, field) => {
    expect(checkAction(action)).toEqual({ problem: { success: false, error: `invalid action: ${field}` } })
  })

  it('keeps only what the contract names, and believes no hint of another type', () => {
    const asked = {
      op: 'send',
      chat_id: 'c',
      content: 'x',
      token: 'SECRET',
      tenant: 'b',
      metadata: { scope_id: 5, user_id: 'u1', guild_id: true, other: 'x' },
    }

    expect(JSON.parse(JSON.stringify(checkAction(asked)))).toEqual({
      action: { op: 'send', chat_id: 'c', content: 'x', metadata: { user_id: 'u1' } },
    })
  })

  it('has thread names of at most 100 characters', () => {
    const action = { op: 'thread_create', chat_id: 'c', thread_name: `${'🙂'.repeat(99)}  bc` }

    expect(checkAction(action)).toMatchObject({ action: { thread_name: '🙂'.repeat(99) } })
  })
})

describe('the target', () => {
  const bots = () => [
    fakeBot(),
    fakeBot({ platform: 'telegram', botId: '7' }),
    fakeBot({ platform: 'telegram', botId: '8' }),
  ]
  const unadvertised = { success: false, error: 'target is not advertised on this connection' }

  // proves: relay.f12
  it('is what the frame says, else the default; never another identity', async () => {
    const all = bots()
    const [discord, seven, eight] = all as [(typeof all)[0], (typeof all)[0], (typeof all)[0]]
    const { ask, link, commit, deps } = await openOutbound({ bots: all })
    const base = { tenant: 'a', instanceId: 'a1', chatId: 'c-a1', userId: 'u', chatType: 'group' }
    const rest = { chatName: null, scopeId: null, threadId: null, sessionKey: 's', lastSeenAt: 0 }
    for (const { identity } of [seven, eight])
      await commit(...deps.store.routing.remember({ ...base, ...rest, ...identity }))
    const two = link('a1', [discord.identity, seven.identity])
    const three = link('a1', [discord.identity, seven.identity, eight.identity])
    const send = aSend('c-a1')

    expect(await ask('a1', send, { link: two })).toMatchObject({ success: true })
    expect([discord, seven, eight].map(({ performed }) => performed.length)).toEqual([1, 0, 0])
    expect(await ask('a1', send, { link: two, target: { platform: 'telegram' } })).toMatchObject({
      success: true,
    })
    expect(await ask('a1', send, { link: three, target: seven.identity })).toMatchObject({ success: true })
    expect([discord, seven, eight].map(({ performed }) => performed.length)).toEqual([1, 2, 0])

    expect(await ask('a1', send, { link: three, target: { platform: 'telegram' } })).toEqual(unadvertised)
    expect(await ask('a1', send, { link: two, target: eight.identity })).toEqual(unadvertised)
    expect(await ask('a1', send, { link: two, target: { platform: 'slack' } })).toEqual(unadvertised)
    expect(await ask('a1', send, { link: two, target: { botId: '8' } })).toEqual(unadvertised)
    // A member of another type is no word for the default.
    const odd = { platform: 7 } as unknown as { platform: string }
    expect(await ask('a1', send, { link: two, target: odd })).toEqual(unadvertised)
    expect(await ask('a1', send, { link: link('a1', []) })).toEqual(unadvertised)
    expect([discord, seven, eight].map(({ performed }) => performed.length)).toEqual([1, 2, 0])
  })

  it('that is advertised but not open here is a failure', async () => {
    const { ask, link } = await openOutbound()

    const result = await ask('a1', aSend('c-a1'), { link: link('a1', [{ platform: 'x', botId: 'gone' }]) })

    expect(result).toEqual({ success: false, error: 'bot unavailable' })
  })
})

describe('requests', () => {
  // proves: relay.f8
  it('each get their own result, however many at once and in whatever order the platform answers', async () => {
    const { ask, bot, heard, link } = await openOutbound()
    const calls = Array.from({ length: 100 }, () => later<PlatformResult>())
    const chats = calls.map((_, n) => `many-${n}`)
    await Promise.all(chats.map((chatId) => heard('a1', chatId)))
    const callOf = (chatId: string) => calls[chats.indexOf(chatId)]!.promise
    bot.answer(...calls.map(() => (action: object) => callOf((action as { chat_id: string }).chat_id)))

    const one = link('a1')
    const asked = chats.map((chatId, n) => ask('a1', aSend(chatId), { link: one, requestId: `r${n}` }))
    const order = calls
      .map((call, n) => ({ call, n }))
      .toSorted((x, y) => ((x.n * 37) % 100) - ((y.n * 37) % 100))
    for (const { call, n } of order) call.resolve({ outcome: 'done', messageId: `sent-${n}` })

    expect(await Promise.all(asked)).toEqual(
      calls.map((_, n) => ({ success: true, message_id: `sent-${n}` })),
    )
  })

  it('that come again on their link are answered as before, also while they are under way', async () => {
    const { ask, bot, link } = await openOutbound()
    const call = later<PlatformResult>()
    bot.answer(() => call.promise)
    const one = link('a1')
    const send = () => ask('a1', aSend('c-a1'), { link: one, requestId: 'r1' })

    const first = send()
    const second = send()
    call.resolve({ outcome: 'done', messageId: 'm9' })

    expect(await Promise.all([first, second, send()])).toEqual(
      Array.from({ length: 3 }, () => ({ success: true, message_id: 'm9' })),
    )
    expect(bot.performed).toHaveLength(1)
    await ask('a1', aSend('c-a1'), { link: link('a1'), requestId: 'r1' })
    expect(bot.performed).toHaveLength(2)
  })

  it('without a usable id are refused', async () => {
    const { ask, link } = await openOutbound()
    const requestId = 'x'.repeat(257)

    expect(await ask('a1', aSend('c-a1'), { link: link('a1'), requestId })).toEqual({
      success: false,
      error: 'invalid action: requestId',
    })
  })

  it('beyond what one gateway may have open are refused, and others are not', async () => {
    const { ask, bot, outbound } = await openOutbound({ openActions: 2 })
    const call = later<PlatformResult>()
    bot.answer(() => call.promise)
    const open = [ask('a1', aSend('c-a1')), ask('a1', aSend('c-a1'))]

    expect(await ask('a1', aSend('c-a1'))).toEqual({ success: false, error: 'too many actions are waiting' })
    expect(await ask('b1', aSend('c-b1'))).toMatchObject({ success: true })
    call.resolve({ outcome: 'done', messageId: 'm' })
    await Promise.all(open)
    expect(await ask('a1', aSend('c-a1'))).toMatchObject({ success: true })
    await outbound.stop()
    expect(await ask('a1', aSend('c-a1'))).toEqual({
      success: false,
      error: 'not sent: the connector stopped',
    })
  })
})
