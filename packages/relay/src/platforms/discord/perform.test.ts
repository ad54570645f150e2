import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { testGrounds } from '@parley/testkit'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { PlatformAction } from '../port.js'
import { ids } from './fake-world.test.support.js'
import { botToken, discordSetting, limitedFor, type Setting } from './setting.test.support.js'

const memory = (await testGrounds())[0]!
let setting: Setting
beforeEach(async () => {
  setting = await discordSetting(memory)
})
afterEach(() => setting.close())

const perform = (action: PlatformAction, signal = new AbortController().signal) =>
  setting.bot.perform(action, { signal })
/** A port where nobody listens any more. */
async function closedPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

const hello = { op: 'send', chat_id: ids.group, content: 'hello' } as const

describe('what becomes of a call', () => {
  it('is failed when nobody listens, and nothing was sent', async () => {
    const port = await closedPort()
    const bot = setting.open({ settings: { apiBase: `http://127.0.0.1:${port}/api` } })

    const result = await bot.perform(hello, { signal: new AbortController().signal })

    expect(result).toEqual({ outcome: 'failed', error: 'Discord can not be reached' })
  })

  it('is ambiguous when the connection breaks after the request', async () => {
    setting.fake.trouble = { kind: 'breaks' }

    expect(await perform(hello)).toEqual({ outcome: 'ambiguous', error: 'Discord did not answer' })
    expect(setting.fake.calls).toHaveLength(1)
  })

  it('is ambiguous when the answer is no JSON', async () => {
    const headers = { 'content-type': 'application/json' }
    setting.fake.trouble = { kind: 'status', status: 200, body: '{', headers }

    expect(await perform(hello)).toMatchObject({ outcome: 'ambiguous' })
  })

  it('is ambiguous when it is led elsewhere, and nobody goes there', async () => {
    setting.fake.trouble = {
      kind: 'status',
      status: 307,
      body: '',
      headers: { location: '/api/v10/elsewhere' },
    }

    expect(await perform(hello)).toMatchObject({ outcome: 'ambiguous' })
    expect(setting.fake.calls).toHaveLength(1)
  })

  it('is failed when it was given up before it began', async () => {
    expect(await perform(hello, AbortSignal.abort())).toMatchObject({ outcome: 'failed' })
    expect(setting.fake.calls).toEqual([])
  })

  it('is failed when it was given up in the queue behind another one', async () => {
    setting.fake.trouble = { kind: 'hangs' }
    const [first, second] = [new AbortController(), new AbortController()]
    const hanging = perform(hello, first.signal)
    await expect.poll(() => setting.fake.hanging()).toBe(1)
    const waiting = perform(hello, second.signal)
    // Until it stands in the queue.
    for (let turn = 0; turn < 5; turn++) await setting.clock.advance(0)

    second.abort()
    expect(await waiting).toMatchObject({ outcome: 'failed' })
    first.abort()
    expect(await hanging).toMatchObject({ outcome: 'ambiguous' })
    expect(setting.fake.calls).toHaveLength(1)
  })

  it('is limited, and nobody sleeps on it or asks again', async () => {
    setting.fake.trouble = limitedFor(600_000)

    expect(await perform(hello)).toEqual({ outcome: 'limited', retryAfterMs: 600_000 })
    expect(setting.fake.calls).toHaveLength(1)
  })

  it('is limited without asking, when Discord has said that the next one is too many', async () => {
    setting.fake.headers = {
      'x-ratelimit-limit': '5',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset-after': '600',
      'x-ratelimit-bucket': 'abcd1234',
    }
    // The first tells which bucket it is, the second that it is empty.
    for (const _ of [1, 2]) expect(await perform(hello)).toMatchObject({ outcome: 'done' })

    expect(await perform(hello)).toMatchObject({ outcome: 'limited', retryAfterMs: expect.any(Number) })
    expect(setting.fake.calls).toHaveLength(2)
    expect(await perform({ ...hello, chat_id: ids.direct })).toMatchObject({ outcome: 'done' })
  })

  // proves: relay.s1
  it('is refused for good when the token is, in words without it', async () => {
    setting.fake.world.interactions.clear()
    const bot = setting.open({ token: 'wrong-token-canary' })
    const signal = new AbortController().signal

    const results = [await bot.perform(hello, { signal }), await bot.perform(hello, { signal })]

    expect(results).toMatchObject([{ outcome: 'refused' }, { outcome: 'refused' }])
    expect(JSON.stringify(results)).not.toContain('canary')
    expect(setting.fake.calls).toHaveLength(1)
  })

  it('is ambiguous when a part was said already', async () => {
    const long = `${'word '.repeat(399)}\n${'x'.repeat(2_000)}`
    setting.fake.onCall = (count) => {
      if (count === 2) setting.fake.trouble = { kind: 'status', status: 503, body: '' }
    }

    const result = await perform({ ...hello, content: long })

    expect(result).toMatchObject({ outcome: 'ambiguous', error: expect.stringMatching(/^1 of 2 messages/) })
  })
})

describe('what is asked of Discord', () => {
  it.each(['', '..', '1', '../users/@me', '1180000000000000001/pins', '9'.repeat(40)])(
    'never has the id %j in its route',
    async (id) => {
      const name = { thread_name: 'x' }
      const actions: PlatformAction[] = [
        { ...hello, chat_id: id },
        { op: 'edit', chat_id: ids.group, message_id: id, content: 'x' },
        { op: 'delete', chat_id: id, message_id: ids.ada },
        { op: 'typing', chat_id: id },
        { op: 'react', chat_id: ids.group, message_id: id, emoji: '👍' },
        { op: 'thread_create', chat_id: ids.group, message_id: id, ...name },
        { op: 'thread_rename', chat_id: ids.group, message_id: id, ...name },
      ]

      for (const action of actions)
        expect(await perform(action), action.op).toMatchObject({ outcome: 'refused' })
      expect(setting.fake.calls).toEqual([])
    },
  )

  it.each(['', ' ', '.', '..', '\ud83d', 'x'.repeat(65)])(
    'never has the emoji %j in its route',
    async (emoji) => {
      expect(await perform({ op: 'react', chat_id: ids.group, message_id: ids.ada, emoji })).toMatchObject({
        outcome: 'refused',
      })
      expect(setting.fake.calls).toEqual([])
    },
  )

  it('has buttons in rows of five, with style and token', async () => {
    const controls = Array.from({ length: 7 }, (_, n) => ({
      id: `o${n}`,
      label: n === 0 ? ' ' : `L${n}`,
      token: `hp1:p:o${n}`,
    }))
    controls[1] = { ...controls[1]!, style: 'danger' } as (typeof controls)[number]

    await perform({
      op: 'prompt',
      chat_id: ids.group,
      prompt_kind: 'choice',
      prompt_id: 'p',
      content: 'Which?',
      options: controls,
      controls,
    })

    const [message] = setting.fake.world.messagesOf(ids.group)
    expect(message?.components.map(({ components }) => components.length)).toEqual([5, 2])
    expect(message?.components[0]?.components.slice(0, 2)).toMatchObject([
      { type: 2, style: 2, label: 'o0', custom_id: 'hp1:p:o0' },
      { type: 2, style: 4, label: 'L1', custom_id: 'hp1:p:o1' },
    ])
  })

  it('goes to the thread that the metadata names, when it is one of that very chat', async () => {
    const { world } = setting.fake
    const [own, other] = [world.nextId(), world.nextId()]
    world.channels.set(own, { id: own, type: 11, name: 'own', parent_id: ids.group, guild_id: ids.guild })
    world.channels.set(other, {
      id: other,
      type: 11,
      name: 'other',
      parent_id: ids.direct,
      guild_id: ids.guild,
    })

    await perform({ ...hello, content: 'in it', metadata: { thread_id: own } })
    await perform({ ...hello, content: 'not in it', metadata: { thread_id: other } })

    expect(world.messagesOf(own)).toMatchObject([{ content: 'in it' }])
    expect(world.messagesOf(other)).toEqual([])
    expect(world.messagesOf(ids.group)).toMatchObject([{ content: 'not in it' }])
  })
})

describe('threads', () => {
  it('begin at a message, or are of the type that their channel has', async () => {
    const { world } = setting.fake
    const anchor = world.post({ channel_id: ids.group, content: 'here', author: world.bot })
    const news = world.nextId()
    world.channels.set(news, { id: news, type: 5, name: 'news', guild_id: ids.guild })
    const create = { op: 'thread_create', thread_name: 'plan' } as const

    const at = await perform({ ...create, chat_id: ids.group, message_id: anchor.id })
    const inNews = await perform({ ...create, chat_id: news })

    expect(at).toEqual({ outcome: 'done', threadId: anchor.id, messageId: anchor.id })
    const id = inNews.outcome === 'done' ? inNews.threadId : undefined
    expect(world.channels.get(id ?? '')).toMatchObject({ type: 10, parent_id: news })
  })

  it('are the only thing that is renamed, and only in their own chat', async () => {
    const { world } = setting.fake
    const thread = world.nextId()
    world.channels.set(thread, {
      id: thread,
      type: 11,
      name: 'old',
      parent_id: ids.group,
      guild_id: ids.guild,
    })
    const rename = { op: 'thread_rename', thread_name: 'new' } as const

    const results = [
      await perform({ ...rename, chat_id: ids.direct, message_id: thread }),
      await perform({ ...rename, chat_id: ids.group, message_id: ids.group }),
      await perform({ ...rename, chat_id: ids.group, message_id: thread, only_if_connector_created: true }),
    ]

    for (const result of results) expect(result).toMatchObject({ outcome: 'refused' })
    expect(world.channels.get(thread)?.name).toBe('old')
    expect(world.channels.get(ids.group)?.name).toBe('ops')
    const guarded = { ...rename, chat_id: ids.group, message_id: thread, only_if_current_name: 'old' }
    expect(await perform(guarded)).toMatchObject({ outcome: 'done' })
  })
})

// proves: relay.s1
it('no fault text of Discord’s brings the token out', async () => {
  const headers = { 'content-type': 'application/json' }
  const body = JSON.stringify({
    message: botToken,
    code: 50_035,
    errors: { content: { _errors: [{ code: 'X', message: `Bot ${botToken}` }] } },
  })
  setting.fake.trouble = { kind: 'status', status: 400, body, headers }

  const result = await perform(hello)

  expect(result).toMatchObject({ outcome: 'refused', error: expect.stringContaining('[secret]') })
  expect(JSON.stringify(result)).not.toContain(botToken)
})
