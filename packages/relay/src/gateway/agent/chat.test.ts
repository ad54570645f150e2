import { describe, expect, test } from 'vitest'
import type { MessageEvent } from '../../protocol/index.js'
import { RelayCallError } from '../call-error.js'
import { anAgent, said } from '../define-gateway.test.support.js'
import type { MediaClient } from '../media-client.js'
import type { Chat } from './chat.js'

type Setup = Parameters<typeof anAgent>
/** Runs one turn, and answers what was sent. */
async function acting(
  act: (chat: Chat) => unknown,
  {
    media,
    stub,
    event = said('x'),
    answer,
  }: {
    media?: MediaClient
    stub?: Setup[1]
    event?: MessageEvent
    answer?: Parameters<Awaited<ReturnType<typeof anAgent>>['connector']['answer']>[0]
  } = {},
) {
  let outcome: unknown
  const { connector, reports } = await anAgent(
    {
      media,
      onMessage: async (_, chat) => {
        outcome = await act(chat)
      },
    },
    stub,
  )
  if (answer) connector.answer(answer)
  await connector.deliver(event)
  return { actions: connector.actions, outcome, reports }
}
const media = (upload: MediaClient['upload']): MediaClient => ({
  upload,
  download: () => Promise.reject(new Error('not asked for')),
  filesOf: () => Promise.resolve([]),
})
const uploaded = media(async () => ({ id: 'f1', size: 3, url: 'https://c.example/relay/media/f1' }))
const bytes = new Uint8Array(3)

describe('a chat', () => {
  test('names scope, author, thread and profile in everything it does', async () => {
    const event = said('x', { scope_id: 'G1', thread_id: 'T1', profile: 'coder' })
    const { actions } = await acting(
      async (chat) => {
        await chat.reply('a')
        await chat.send('b')
        await chat.edit('9', 'c')
        await chat.typing('thinking')
        await chat.react('👀')
        await chat.react('👀', { messageId: '8', remove: true })
        await chat.sendMedia({ kind: 'image', url: 'https://example.org/a.png', caption: 'd' })
        await chat.act({ op: 'delete', chat_id: 'C1', message_id: '9', metadata: { thread_id: 'T2' } })
      },
      { event },
    )

    const metadata = { scope_id: 'G1', guild_id: 'G1', user_id: 'U1', thread_id: 'T1', profile: 'coder' }
    const chat_id = 'C1'
    const message_id = event.message_id
    expect(actions).toEqual([
      { op: 'send', chat_id, content: 'a', reply_to: message_id, metadata },
      { op: 'send', chat_id, content: 'b', reply_to: null, metadata },
      { op: 'edit', chat_id, message_id: '9', content: 'c', metadata },
      { op: 'typing', chat_id, content: 'thinking', metadata },
      { op: 'react', chat_id, message_id, emoji: '👀', remove: false, metadata },
      { op: 'react', chat_id, message_id: '8', emoji: '👀', remove: true, metadata },
      {
        op: 'send_media',
        chat_id,
        media_kind: 'image',
        source_url: 'https://example.org/a.png',
        content: 'd',
        reply_to: null,
        metadata,
      },
      { op: 'delete', chat_id, message_id: '9', metadata: { ...metadata, thread_id: 'T2' } },
    ])
  })

  test('asks for what is known of it', async () => {
    const { outcome } = await acting((chat) => chat.info(), {
      answer: () => ({ success: true, chat_info: { name: 'ops', type: 'group' } }),
    })

    expect(outcome).toEqual({ name: 'ops', type: 'group' })
  })

  test('does again what may be done twice, never a send', async () => {
    const { actions } = await acting(
      async (chat) => {
        await chat.edit('9', 'c')
        await chat.react('👀')
        await chat.send('x')
      },
      { answer: () => ({ success: false, error: 'platform timeout', ambiguous: true }) },
    )

    expect(actions.map(({ op }) => op)).toEqual(['edit', 'edit', 'react', 'react', 'send'])
  })
})

describe('a file', () => {
  test('is uploaded, then sent by its reference', async () => {
    const { actions } = await acting(
      (chat) => chat.sendMedia({ kind: 'document', bytes, filename: 'a.txt' }),
      {
        media: uploaded,
      },
    )

    expect(actions).toMatchObject([
      { op: 'send_media', source_url: 'https://c.example/relay/media/f1', filename: 'a.txt', content: '' },
    ])
  })

  test.each([
    ['the platform takes none', uploaded, { descriptor: { supported_ops: ['send'] } }],
    [
      'the upload fails',
      media(() => Promise.reject(new RelayCallError(429, 'too much media is kept for this tenant'))),
      {},
    ],
    ['nothing uploads', undefined, {}],
  ])('becomes text when %s', async (_, client, stub) => {
    const { actions } = await acting(
      (chat) => chat.sendMedia({ kind: 'image', bytes, filename: 'a.png', caption: 'look' }),
      { media: client, stub },
    )

    expect(actions).toMatchObject([{ op: 'send', content: 'look\n[a.png]' }])
  })

  test('that was refused becomes text with its address', async () => {
    const { actions } = await acting(
      (chat) => chat.sendMedia({ kind: 'image', url: 'https://example.org/a.png' }),
      { answer: ({ op }) => (op === 'send' ? { success: true } : { success: false, error: 'too large' }) },
    )

    expect(actions.map(({ op, content }) => [op, content])).toEqual([
      ['send_media', ''],
      ['send', 'https://example.org/a.png'],
    ])
  })

  test.each([
    [{ success: false, error: 'telegram egress declined: no', code: 'egress_declined' }, 1],
    [{ success: false, error: 'platform timeout', ambiguous: true }, 0],
  ] as const)('%j never becomes text', async (result, warnings) => {
    const { actions, outcome, reports } = await acting(
      (chat) => chat.sendMedia({ kind: 'image', url: 'https://example.org/a.png' }),
      { answer: () => result },
    )

    expect(actions).toHaveLength(1)
    expect(outcome).toEqual(result)
    expect(reports.filter((one) => one.includes('declined'))).toHaveLength(warnings)
  })
})
