import { fakeClock } from '@parley/testkit'
import { GrammyError, HttpError } from 'grammy'
import { describe, expect, test, vi } from 'vitest'
import { testSink } from '../conformance/sink.js'
import { telegramDriver } from './driver.js'
import { toFailure } from './errors.js'
import { ada, group } from './fake-chats.test.support.js'
import { addresses, withoutOwnName } from './mentions.js'
import { poll } from './polling.js'
import { toPlatformMessage } from './receive.js'
import { Topics } from './topics.js'

const same = (text: string) => text

describe('failures', () => {
  const answered = (error_code: number, parameters = {}) =>
    new GrammyError('x', { ok: false, error_code, description: 'why', parameters }, 'sendMessage', {})

  test.each([
    [answered(429, { retry_after: 7 }), { outcome: 'limited', retryAfterMs: 7_000 }],
    [answered(429), { outcome: 'limited', retryAfterMs: 1_000 }],
    [answered(500), { outcome: 'failed', error: 'Telegram: why' }],
    [answered(400), { outcome: 'refused', error: 'Telegram: why' }],
    [new HttpError('x', { cause: { code: 'ECONNREFUSED' } }), { outcome: 'failed' }],
    [new HttpError('x', { cause: { code: 'ECONNRESET' } }), { outcome: 'ambiguous' }],
    [new Error('anything'), { outcome: 'ambiguous' }],
  ])('%s is %o', (error, failure) => {
    expect(toFailure(error, same)).toMatchObject(failure)
  })
})

test('only what names the bot addresses it', () => {
  const message = (text: string, type: string, length: number) =>
    ({ text, entities: [{ type, offset: 0, length }] }) as never

  expect(addresses(message('@Parley_Bot hi', 'mention', 11), 'parley_bot', '7')).toBe(true)
  expect(addresses(message('@parley_bots hi', 'mention', 12), 'parley_bot', '7')).toBe(false)
  expect(addresses(message('/new@parley_bot', 'bot_command', 15), 'parley_bot', '7')).toBe(true)
  expect(addresses(message('/new', 'bot_command', 4), 'parley_bot', '7')).toBe(false)
  expect(withoutOwnName('/new@parley_bot now', 'parley_bot')).toBe('/new now')
  expect(withoutOwnName('/new@other_bot now', 'parley_bot')).toBe('/new@other_bot now')
})

const telegram = () =>
  ({
    identity: { platform: 'telegram', botId: '7' },
    topics: new Topics(),
    username: async () => 'parley_bot',
  }) as never

test('a topic is named with its forum, and what begins it is no message that is answered', async () => {
  const began = { message_id: 3, chat: group, date: 1, forum_topic_created: { name: 'ideas', icon_color: 0 } }
  const message = {
    message_id: 9,
    chat: group,
    from: ada,
    date: 1_800_000_000,
    text: 'hi',
    is_topic_message: true,
    message_thread_id: 3,
    reply_to_message: began,
  }

  const read = await toPlatformMessage(telegram(), { update_id: 5, message } as never)

  expect(read).toMatchObject({
    dedupe: 'update:5',
    chat: { id: String(group.id), type: 'forum', threadId: '3', topic: 'ideas' },
    addressesBot: false,
    sentAt: 1_800_000_000_000,
  })
  expect(read).not.toHaveProperty('replyTo')
})

test('what nobody wrote is no message', async () => {
  const base = { message_id: 9, chat: group, from: ada, date: 1 }
  const joined = { update_id: 5, message: { ...base, new_chat_members: [ada] } }
  const foreign = { update_id: 6, callback_query: { id: '1', from: ada, data: 'mine', message: base } }

  expect(await toPlatformMessage(telegram(), joined as never)).toBeUndefined()
  expect(await toPlatformMessage(telegram(), foreign as never)).toBeUndefined()
})

test('the offset moves only past what was stored, and stands in the cursor', async () => {
  const clock = fakeClock()
  const end = new AbortController()
  const offsets: number[] = []
  const update = (id: number) => ({
    update_id: id,
    message: { message_id: id, chat: group, from: ada, date: 1, text: `${id}` },
  })
  const api = {
    getUpdates: async ({ offset }: { offset: number }) => {
      offsets.push(offset)
      if (offset > 12) end.abort()
      return [update(11), update(12)].filter(({ update_id }) => update_id >= offset)
    },
  }
  const sink = testSink()
  await sink.saveCursor('11')
  const store = sink.message
  let refusals = 1
  sink.message = async (message) => {
    if (message.text === '12' && refusals-- > 0) throw new Error('the store is down')
    await store(message)
  }
  const reported: unknown[] = []
  const bot = {
    ...(telegram() as object),
    api,
    clock,
    clean: same,
    onFault: (error: unknown) => reported.push(error),
  }

  const polling = poll(bot as never, sink, end.signal)
  await vi.waitFor(() => expect(clock.pending).toBe(1))
  expect(await sink.loadCursor()).toBe('12')
  await clock.advance(1_000)
  await polling

  expect(offsets).toEqual([11, 12, 13])
  expect(sink.messages.map(({ text }) => text)).toEqual(['11', '12'])
  expect(await sink.loadCursor()).toBe('13')
  expect(reported).toMatchObject([{ message: 'the store is down' }])
})

test('an update that can never be stored is passed over after a while', async () => {
  const clock = fakeClock()
  const end = new AbortController()
  const update = (id: number) => ({
    update_id: id,
    message: { message_id: id, chat: group, from: ada, date: 1, text: `${id}` },
  })
  const api = {
    getUpdates: async ({ offset }: { offset: number }) => {
      if (offset > 12) end.abort()
      return [update(11), update(12)].filter(({ update_id }) => update_id >= offset)
    },
  }
  const sink = testSink()
  const store = sink.message
  sink.message = async (message) => {
    if (message.text === '11') throw new Error('no database takes this')
    await store(message)
  }
  const bot = { ...(telegram() as object), api, clock, clean: same, onFault: () => {} }

  const until = clock.now() + 3_600_000
  const polling = poll(bot as never, sink, end.signal)
  while (!end.signal.aborted && clock.now() < until) {
    await vi.waitFor(() => expect(clock.pending > 0 || end.signal.aborted).toBe(true))
    await clock.advance(60_000)
  }
  end.abort()
  await polling

  expect(sink.messages.map(({ text }) => text)).toEqual(['12'])
  expect(await sink.loadCursor()).toBe('13')
})

test.each([
  [{ token: 'x' }, {}, 'credentials.token'],
  [{ token: '1:a/../b' }, {}, 'credentials.token'],
  [{ token: '1:a', webhookSecret: 'ü' }, {}, 'credentials.webhookSecret'],
  [{ token: '1:a' }, { apiRoot: 'ftp://x' }, 'settings.apiRoot'],
  [{ token: '1:a' }, { webhookUrl: 7 }, 'settings.webhookUrl'],
])('refuses %o with %o', (credentials, settings, word) => {
  expect(() => telegramDriver().open({ credentials, settings } as never)).toThrow(word)
})
