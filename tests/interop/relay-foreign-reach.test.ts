// A gateway that was written from the contract alone: files, commands, and what it may not reach.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasPython } from './python/relay/installed.test.support.js'
import type { Peer, Said } from './python/relay/peer.test.support.js'
import {
  chatOf,
  type Frame,
  groupOf,
  type Inbound,
  openStage,
  type Result,
  type Stage,
} from './python/relay/stage.test.support.js'

const isInstalled = await hasPython()
let stage: Stage
beforeAll(async () => {
  if (isInstalled) stage = await openStage()
})
afterAll(() => stage?.stop())

type Answer = { status: number; body: Record<string, unknown> }
type Downloaded = { status: number; headers: Record<string, string>; content: string }

describe.skipIf(!isInstalled)('a foreign gateway', () => {
  // proves: relay.f30
  test('puts a file into the connector, gets it back and sends it', async () => {
    const ours = await stage.enroll()
    const gateway = await stage.connected(ours)
    const stranger = await stage.connected(await stage.enroll(stage.callers[1]!.tenant))
    const chat = chatOf(ours, 'telegram', 'dm')
    await stage.say(chat, 'a picture, please', 'wanted')
    await gateway.heard('inbound')
    const content = Buffer.from(Uint8Array.from({ length: 256 }, (_, byte) => byte)).toString('base64')
    const picture = { content_b64: content, mime: 'image/png', filename: 'log.png' }

    const stored = await gateway.ask<Answer>('upload', picture)
    const url = `${stage.url}/relay/media/${stored.body.id}`
    const back = await gateway.ask<Downloaded>('download', { url })
    const refused = [
      await stranger.ask<Downloaded>('download', { url }),
      await gateway.ask<Downloaded>('download', { url, withToken: false }),
      await gateway.ask<Answer>('upload', { ...picture, content_b64: '' }),
    ]
    const action = { op: 'send_media', media_kind: 'image', source_url: url, content: 'here', reply_to: null }
    const sent = await gateway.ask<Result>('reply', { messageId: 'wanted', action })
    const inside = { ...action, source_url: 'http://127.0.0.1:9/secret.png' }
    const guarded = await gateway.ask<Result>('reply', { messageId: 'wanted', action: inside })

    expect(stored).toEqual({ status: 200, body: { id: expect.stringMatching(/^[0-9a-f]{32}$/), size: 256 } })
    expect(back).toMatchObject({ status: 200, content })
    expect(back.headers).toMatchObject({
      'content-type': 'image/png',
      'content-length': '256',
      'content-disposition': expect.stringContaining('log.png'),
      'x-content-type-options': 'nosniff',
    })
    expect(refused.map(({ status }) => status)).toEqual([404, 401, 400])
    expect([sent.success, guarded.success]).toEqual([true, false])
    expect((await stage.shown(chat)).at(-1)).toMatchObject({ text: 'here', media: [expect.anything()] })
  })

  // proves: relay.f30
  test.each(['current', 'seed'])(
    'answers a command with the capability of its session, key of %s',
    async (era) => {
      const ours = await stage.enroll()
      const gateway = await stage.connected(ours, { era })
      const stranger = await stage.connected(await stage.enroll(stage.callers[1]!.tenant))
      const chat = groupOf(ours, 'discord')
      await stage.say(chat, 'hello')
      await gateway.heard('inbound')
      const options = [{ name: 'model', value: ' gpt-x ' }]
      await stage.call('interact', { ...chat, name: 'model', options })
      const { message, key, body } = await gateway.heard<Inbound & { body: string }>('passthrough')
      const follow = (peer: Peer, session_key: string) => {
        const action = {
          op: 'follow_up',
          session_key,
          kind: 'discord.interaction_token',
          content: 'Done.',
          metadata: {},
        }
        return peer.ask<Result>('perform', { action, platform: 'discord' })
      }

      const stolen = await follow(stranger, key)
      const absent = await follow(gateway, `${key}:none`)
      const done = [await follow(gateway, key), await follow(gateway, key)]

      expect(message.text).toBe(era === 'seed' ? 'model' : '/model gpt-x')
      expect(JSON.parse(body)).not.toHaveProperty('token')
      expect(done).toMatchObject([{ success: true }, { success: true }])
      expect(done[0]!.message_id).not.toBe(done[1]!.message_id)
      expect(JSON.stringify(stolen)).toBe('{"success":false,"error":"capability unavailable"}')
      expect(JSON.stringify(absent)).toBe(JSON.stringify(stolen))
      expect((await stage.shown(chat)).map(({ text }) => text)).toContain('Done.')
    },
  )

  // proves: relay.f30, relay.s3
  test('cannot tell the chat of another tenant from a chat that is nobody’s', async () => {
    const theirs = await stage.enroll(stage.callers[1]!.tenant)
    const owner = await stage.connected(theirs)
    const gateway = await stage.connected(await stage.enroll())
    const chat = chatOf(theirs, 'discord', 'dm')
    await stage.say(chat, 'private', 'private-1')
    await owner.heard('inbound')
    const metadata = { user_id: chat.user_id, scope_id: chatOf(theirs, 'discord', 'group').scope_id }
    const about = { message_id: 'private-1', content: 'x', reply_to: null, metadata }
    const actions = [
      { op: 'send' },
      { op: 'edit' },
      { op: 'typing' },
      { op: 'get_chat_info' },
      { op: 'react', emoji: '👀', remove: false },
      { op: 'delete' },
      { op: 'thread_create', thread_name: 't' },
      { op: 'send_media', media_kind: 'image', source_url: 'https://example.com/a.png' },
      { op: 'prompt', prompt_kind: 'choice', prompt_id: 'p', options: [{ id: 'a', label: 'A' }] },
    ]

    for (const action of actions)
      for (const chat_id of [chat.chat_id, '771234567890123456'])
        await gateway.ask('perform', { action: { ...about, ...action, chat_id }, platform: 'discord' })

    const results = (await gateway.all<Said & Frame>('frame'))
      .filter(({ frame }) => frame.type === 'outbound_result')
      .map(({ frame }) => JSON.stringify(frame.result))
    const error = 'discord egress declined: target is not an approved destination for this connection'
    const declined = JSON.stringify({ success: false, code: 'egress_declined', error })
    expect(results).toEqual(Array(actions.length * 2).fill(declined))
    expect(await stage.shown(chat)).toMatchObject([{ text: 'private', reactions: [] }])
  })
})
