// A gateway that was written from the contract alone, in Python, against the relay fixture: connecting, hearing, acting.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasPython } from './python/relay/installed.test.support.js'
import {
  type Bot,
  type Closed,
  chatOf,
  type Frame,
  groupOf,
  type Inbound,
  openStage,
  type Result,
  type Stage,
  startOf,
} from './python/relay/stage.test.support.js'

const isInstalled = await hasPython()
let stage: Stage
beforeAll(async () => {
  if (isInstalled) stage = await openStage()
})
afterAll(() => stage?.stop())

const descriptorsOf = (frames: Frame[]) =>
  frames
    .map(({ frame }) => frame)
    .filter(({ type }) => type === 'descriptor')
    .map(({ descriptor }) => (descriptor as { platform: string }).platform)

describe.skipIf(!isInstalled)('a foreign gateway connects', () => {
  // proves: relay.f6, relay.f30, relay.p13
  test('several hellos are answered in order, the first is the default, a strange one by nothing', async () => {
    const cast = await stage.enroll()
    const [discord, telegram] = stage.bots as [Bot, Bot]
    const strange = { platform: 'slack', botId: 'nobody' }
    const gateway = await stage.connected(cast, { identities: [telegram, strange, discord] })
    const chat = chatOf(cast, 'telegram', 'dm')
    await stage.say(chat, 'hello')
    await gateway.heard('inbound')

    const info = await gateway.ask<Result>('perform', {
      action: { op: 'get_chat_info', chat_id: chat.chat_id },
    })

    expect(info).toMatchObject({ success: true, chat_info: { name: 'direct', type: 'dm' } })
    expect(descriptorsOf(await gateway.all<Frame>('frame'))).toEqual(['telegram', 'discord'])
  })

  test.each([
    ['a bot that nobody provisioned', [{ platform: 'discord', botId: 'nobody' }]],
    ['no bot, where there are two', []],
  ])('a first hello with %s is closed with 4403', async (_, identities) => {
    const gateway = await stage.gateway()
    await gateway.ask('start', startOf({ url: stage.url, identities }, await stage.enroll()))

    const closed = await gateway.heard<Closed>('closed')

    expect(closed).toMatchObject({ code: 4403, reason: 'identity_not_provisioned', had_descriptor: false })
    expect(await gateway.all('frame')).toEqual([])
  })

  // proves: relay.f5
  test('frames come in any number of messages, and what is no frame harms nobody', async () => {
    const gateway = await stage.connected(await stage.enroll())
    const info = (requestId: string) =>
      JSON.stringify({ type: 'outbound', requestId, action: { op: 'get_chat_info', chat_id: 'none' } })
    const [start, middle, end] = [info('r3').slice(0, 20), info('r3').slice(20, 40), info('r3').slice(40)]

    await gateway.ask('send_raw', { texts: [`${info('r1')}\n${info('r2')}\n`, start, middle, `${end}\n`] })
    await gateway.ask('send_raw', { texts: ['\n\n', '{"type":\n', '[1]\n7\nnull\n', '{"type":"new"}\n'] })
    await gateway.ask('send_raw', { texts: [`${info('r4')}\n`] })

    for (const id of ['r1', 'r2', 'r3', 'r4'])
      await gateway.heard<Frame>('frame', ({ frame }) => frame.requestId === id)
    expect(await gateway.all('closed')).toEqual([])
  })

  // proves: relay.f4, relay.p2
  test.each([
    ['a wrong secret', { secret: '00'.repeat(32) }, 'unauthorized'],
    ['an unknown gateway', { gatewayId: 'gw-nobody' }, 'unauthorized'],
    ['a token that is none', { bearer: 'no-token' }, 'unauthorized'],
    ['no token', { bearer: '' }, 'unauthorized'],
    ['a token that is over', { lifetimeS: -10 }, 'expired'],
  ])('%s is let in and closed with 4401, and the gateway tries again', async (_, wrong, reason) => {
    const gateway = await stage.gateway()
    await gateway.ask(
      'start',
      startOf({ url: stage.url, identities: stage.bots }, await stage.enroll(), wrong),
    )

    await gateway.heard<Closed>('closed', ({ connection }) => connection === 2)

    expect((await gateway.all<Closed>('closed'))[0]).toMatchObject({ code: 4401, reason })
    expect(await gateway.all('frame')).toEqual([])
  })
})

describe.skipIf(!isInstalled).each(['discord', 'telegram'])('a foreign gateway on %s', (platform) => {
  // proves: relay.f30
  test.each(['dm', 'group'])('hears a %s and answers, edits, types and reacts', async (type) => {
    const cast = await stage.enroll()
    const gateway = await stage.connected(cast)
    const chat = type === 'dm' ? chatOf(cast, platform, type) : groupOf(cast, platform)
    const messageId = `in-${type}-${cast.instanceId}`
    await stage.say(chat, 'what broke?', messageId)
    const heard = await gateway.heard<Inbound>('inbound')
    const reply = (action: object) => gateway.ask<Result>('reply', { messageId, action })

    const sent = await reply({ op: 'send', content: 'nothing @everyone', reply_to: messageId })
    const edited = await reply({ op: 'edit', message_id: sent.message_id, content: 'nothing at all' })
    const typed = await reply({ op: 'typing' })
    const reacted = await reply({ op: 'react', message_id: messageId, emoji: '👀', remove: false })
    const info = await reply({ op: 'get_chat_info' })

    const { message, bufferId, key } = heard
    expect(bufferId).toEqual(expect.any(String))
    expect(message).toMatchObject({ text: 'what broke?', message_type: 'text', message_id: messageId })
    expect(message.source).toMatchObject({
      platform,
      chat_id: chat.chat_id,
      chat_type: type,
      user_id: chat.user_id,
      ...(chat.scope_id && { scope_id: chat.scope_id, guild_id: chat.scope_id }),
    })
    expect(key).toBe(
      `agent:main:${platform}:${type}:${chat.chat_id}${type === 'dm' ? '' : `:${chat.user_id}`}`,
    )
    expect([sent, edited, typed, reacted, info].map(({ success }) => success)).toEqual(Array(5).fill(true))
    expect(info.chat_info).toMatchObject({ type })
    const [question, answer] = (await stage.shown(chat)).slice(-2)
    expect(question!.reactions).toEqual([{ emoji: '👀', by: chat.botId }])
    expect(answer).toMatchObject({ text: 'nothing at all', isEdited: true, replyTo: messageId, userId: null })
  })

  // proves: relay.f30
  test('asks with options and hears the press', async () => {
    const cast = await stage.enroll()
    const gateway = await stage.connected(cast)
    const chat = groupOf(cast, platform)
    await stage.say(chat, 'deploy', 'ask-me')
    await gateway.heard('inbound')
    const prompt_id = 'a1b2c3.0f3e9d77'
    const options = [
      { id: 'once', label: 'Approve once', style: 'success' },
      { id: 'deny', label: 'Deny', style: 'danger' },
    ]
    const action = {
      op: 'prompt',
      prompt_kind: 'approval',
      prompt_id,
      content: 'Run it?',
      options,
      timeout_s: 60,
    }

    const asked = await gateway.ask<Result>('reply', { messageId: 'ask-me', action })
    await stage.call('press', { ...chat, message_id: asked.message_id, option_id: 'deny' })

    const pressed = await gateway.heard<Inbound>(
      platform === 'discord' ? 'passthrough' : 'inbound',
      ({ message }) => message.prompt_response !== undefined,
    )
    expect(pressed.message).toMatchObject({
      text: '/deny',
      message_type: 'command',
      prompt_response: { prompt_id, option_id: 'deny', prompt_message_id: asked.message_id },
      source: { platform, chat_id: chat.chat_id, chat_type: 'group', user_id: chat.user_id },
    })
    const long = { ...action, prompt_id: 'p'.repeat(32), options: [{ id: 'o'.repeat(32), label: 'No' }] }
    expect(await gateway.ask('reply', { messageId: 'ask-me', action: long })).toMatchObject({
      success: false,
    })
  })

  // proves: relay.f30
  test('makes a thread, writes in it and renames it while nobody else has', async () => {
    const cast = await stage.enroll()
    const gateway = await stage.connected(cast)
    const chat = groupOf(cast, platform, platform === 'telegram' ? 'forum' : 'group')
    await stage.say(chat, 'thread', 'thread-me')
    await gateway.heard('inbound')
    const reply = (action: object) => gateway.ask<Result>('reply', { messageId: 'thread-me', action })

    const made = await reply({ op: 'thread_create', thread_name: '  Deploy   81 ' })
    const message_id = (made.thread_id ?? made.message_id) as string
    const rename = { op: 'thread_rename', message_id, thread_name: 'Deploy 82' }
    const ours = await reply({ ...rename, only_if_connector_created: true })
    const other = await reply({ ...rename, only_if_current_name: 'Deploy 80' })

    expect([made.success, ours.success, other.success]).toEqual([true, true, false])
    expect(message_id).toEqual(expect.any(String))
  })
})
