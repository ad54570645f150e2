import { expect } from 'vitest'
import { type Case, eventually, idOf, needs, type Test } from './cases.js'
import type { Writing } from './subject.js'

/** What people do reaches the sink. */
export function receivingCases(test: Test): void {
  test('delivers what a user writes, with who and where', async (opened) => {
    const { subject } = opened
    const { ada } = subject.people

    const direct = await received(opened, { by: ada, chat: subject.chats.direct, text: 'hello bot' })
    const group = await received(opened, { by: ada, chat: subject.chats.group, text: 'hello all' })

    expect(direct).toMatchObject({
      text: 'hello bot',
      messageType: 'text',
      chat: { id: subject.chats.direct.chatId, type: 'dm', scopeId: null, threadId: null },
      author: { id: ada, isBot: false, isSelf: false, name: expect.any(String) },
      isEdit: false,
      media: [],
    })
    expect(group.chat).toMatchObject({
      id: subject.chats.group.chatId,
      scopeId: subject.chats.group.scopeId,
    })
    expect(['group', 'forum']).toContain(group.chat.type)
    expect(direct.dedupe).not.toBe(group.dedupe)
    expect(direct.sentAt).toBeGreaterThan(Date.UTC(2015))
  })

  test('tells a command from a text', async (opened) => {
    const { people, chats } = opened.subject

    expect(await received(opened, { by: people.ada, chat: chats.direct, text: '/new' })).toMatchObject({
      text: '/new',
      messageType: 'command',
    })
  })

  test('knows when it is spoken to', async (opened) => {
    const { subject, perform } = opened
    const { ada } = subject.people
    const chat = subject.chats.group
    const own = idOf(await perform({ op: 'send', chat_id: chat.chatId, content: 'anything else?' }))

    const plain = await received(opened, { by: ada, chat, text: 'just talking' })
    const mention = await received(opened, { by: ada, chat, text: 'please help', isMention: true })
    const reply = await received(opened, { by: ada, chat, text: 'no', replyTo: own })
    const other = await received(opened, { by: ada, chat, text: 'me too', replyTo: plain.messageId })

    expect([plain, mention, reply, other].map(({ addressesBot }) => addressesBot)).toEqual([
      false,
      true,
      true,
      false,
    ])
    expect(reply.replyTo).toMatchObject({ messageId: own, isOwn: true })
    expect(other.replyTo).toMatchObject({ messageId: plain.messageId })
    expect(other.replyTo?.isOwn ?? false).toBe(false)
  })

  test('never takes its own words for somebody else’s', async ({ perform, subject, sink }) => {
    await subject.start(sink)
    const { group } = subject.chats

    const id = idOf(await perform({ op: 'send', chat_id: group.chatId, content: 'mine' }))
    const last = await subject.write({ by: subject.people.ada, chat: group, text: 'theirs' })
    await eventually(() => expect(last.isAccepted()).toBe(true))

    expect(sink.messages.filter(({ author }) => !author.isSelf)).toMatchObject([{ text: 'theirs' }])
    for (const message of sink.messages) expect(message.author.isSelf).toBe(message.messageId === id)
  })

  test('delivers a changed message as an edit', async (opened) => {
    const { subject, sink } = opened
    needs(subject.rewrite, 'changes of messages are not delivered there')
    const { ada } = subject.people
    const chat = subject.chats.group
    const first = await received(opened, { by: ada, chat, text: 'teh plan' })

    await subject.rewrite({ by: ada, chat, messageId: first.messageId, text: 'the plan' })
    await eventually(() => expect(sink.messages).toHaveLength(2))

    expect(sink.messages[1]).toMatchObject({ messageId: first.messageId, text: 'the plan', isEdit: true })
    expect(sink.messages[1]?.dedupe).not.toBe(first.dedupe)
  })

  test('calls a message the same each time it is delivered', async (opened) => {
    const { subject, sink } = opened
    const chat = subject.chats.group
    const first = await received(opened, { by: subject.people.ada, chat, text: 'once' })

    await subject.redeliver(chat, first.messageId)
    await eventually(() => expect(sink.attempts).toBe(2))

    expect(sink.messages[1]?.dedupe ?? first.dedupe).toBe(first.dedupe)
    expect(sink.messages.at(-1)).toMatchObject({ messageId: first.messageId, text: 'once' })
  })

  test('is not done with a message before it is stored', async ({ subject, sink }) => {
    await subject.start(sink)
    sink.isBroken = true
    const chat = subject.chats.group

    const written = await subject.write({ by: subject.people.ada, chat, text: 'keep me' })
    await eventually(() => expect(sink.attempts).toBeGreaterThan(0))
    expect(written.isAccepted()).toBe(false)

    sink.isBroken = false
    await subject.retry()
    await eventually(() => expect(written.isAccepted()).toBe(true))
    expect(sink.messages[0]).toMatchObject({ text: 'keep me' })
    expect(new Set(sink.messages.map(({ dedupe }) => dedupe)).size).toBe(1)
  })

  test('delivers the messages of a chat in order', async (opened) => {
    const { subject, sink } = opened
    await subject.start(sink)
    const said = Array.from({ length: 5 }, (_, n) => `number ${n}`)

    for (const text of said) await subject.write({ by: subject.people.ada, chat: subject.chats.group, text })
    await eventually(() => expect(sink.messages).toHaveLength(said.length))

    expect(sink.messages.map(({ text }) => text)).toEqual(said)
  })

  test('has the bytes of a file', async (opened) => {
    const { people, chats } = opened.subject
    const bytes = new Uint8Array(5_000).map((_, n) => n % 251)
    const file = { filename: 'plan.pdf', mime: 'application/pdf', bytes }

    const message = await received(opened, { by: people.ada, chat: chats.direct, text: 'see', file })

    expect(message).toMatchObject({ text: 'see', messageType: 'document' })
    const [media] = message.media
    expect(media).toMatchObject({ kind: 'document', mime: 'application/pdf', filename: 'plan.pdf' })
    if (media && 'load' in media) {
      const loaded = await media.load(new AbortController().signal)
      expect(Buffer.from(loaded).equals(bytes)).toBe(true)
    } else expect(media?.url).toMatch(/^https:/)
  })

  test('is quiet once it was stopped', async ({ bot, subject, sink }) => {
    await subject.start(sink)
    await bot.stop()
    await bot.stop()

    const said = { by: subject.people.ada, chat: subject.chats.group, text: 'anybody?' }
    await subject.write(said).catch((error: unknown) => error)
    await subject.retry()

    expect(sink.attempts).toBe(0)
  })
}

/** Starts the bot when it is not yet, lets somebody write, and answers what the sink was told of it. */
async function received({ subject, sink }: Case, said: Writing) {
  if (!started.has(subject)) await subject.start(sink)
  started.add(subject)
  const before = sink.messages.length
  const written = await subject.write(said)
  await eventually(() => expect(written.isAccepted()).toBe(true))
  const message = sink.messages.slice(before).find(({ messageId }) => messageId === written.messageId)
  if (!message) throw new Error('the message was accepted and never delivered')
  return message
}
const started = new WeakSet<object>()
