import { expect } from 'vitest'
import { eventually, idOf, needs, type Test } from './cases.js'

const file = (size: number) => ({
  filename: 'log.txt',
  mime: 'text/plain',
  bytes: new Uint8Array(size).fill(65),
})

/** Files, buttons and threads. */
export function richCases(test: Test): void {
  test('sends a file with its caption, and a long caption whole', async ({ bot, perform, subject }) => {
    needs(bot.descriptor.supported_ops?.includes('send_media'), 'send_media is not supported')
    const { group } = subject.chats
    const media = {
      op: 'send_media',
      chat_id: group.chatId,
      media_kind: 'document',
      source_url: 'x:',
    } as const
    const long = 'word '.repeat(Math.ceil(bot.limits.captionLength / 4)).trim()

    const short = idOf(await perform({ ...media, content: 'the log', file: file(12) }))
    const before = await subject.shown(group)
    const withLong = idOf(await perform({ ...media, content: long, file: file(13) }))

    expect(before).toMatchObject([{ id: short, text: 'the log', files: [{ filename: 'log.txt', size: 12 }] }])
    const after = (await subject.shown(group)).slice(before.length)
    expect(after.find(({ id }) => id === withLong)?.files).toMatchObject([{ size: 13 }])
    const said = after.map(({ text }) => text).join(' ')
    expect(said.replace(/\s+/g, ' ').trim()).toBe(long)
  })

  test('refuses a file that is too large', async ({ bot, perform, subject }) => {
    needs(bot.descriptor.supported_ops?.includes('send_media'), 'send_media is not supported')
    const { group } = subject.chats
    const media = {
      op: 'send_media',
      chat_id: group.chatId,
      media_kind: 'document',
      source_url: 'x:',
    } as const

    const result = await perform({ ...media, content: '', file: file(bot.limits.mediaBytes + 1) })

    expect(result).toMatchObject({ outcome: 'refused' })
    expect(await subject.shown(group)).toEqual([])
  })

  // proves: relay.f13
  test('asks with buttons, and a press brings the token and who pressed', async (opened) => {
    const { perform, subject, sink } = opened
    await subject.start(sink)
    const { group } = subject.chats
    const id = idOf(await perform(aPrompt(group.chatId, 2)))

    expect(await subject.shown(group)).toMatchObject([
      { id, text: 'Which?', buttons: ['Option 1', 'Option 2'] },
    ])
    const pressed = await subject.press({ by: subject.people.ben, chat: group, messageId: id, button: 1 })
    await expect.poll(() => pressed.isAccepted()).toBe(true)

    const [message] = sink.messages
    const [forward] = sink.forwards
    expect(sink.messages.length + sink.forwards.length).toBe(1)
    const got = message ?? forward
    expect(got).toMatchObject({
      author: { id: subject.people.ben, isSelf: false },
      chat: { id: group.chatId },
    })
    expect(message?.press?.token ?? forward?.pressToken).toBe('hp1:p.1:o1')
    if (message) expect(message).toMatchObject({ addressesBot: true, press: { messageId: id } })
  })

  test('writes the options down where there are more than buttons', async ({ bot, perform, subject }) => {
    const { group } = subject.chats
    const count = bot.limits.promptButtons + 1

    const result = await perform(aPrompt(group.chatId, count))

    expect(result).toMatchObject({ outcome: 'done', rung: 'text' })
    const [shown] = await subject.shown(group)
    expect(shown?.buttons).toEqual([])
    expect(shown?.text).toContain('1. Option 1')
    expect(shown?.text).toContain(`${count}. Option ${count}`)
  })

  test('cuts a label that is too long for a button', async ({ bot, perform, subject }) => {
    needs(bot.limits.promptButtons > 0, 'there are no buttons')
    const { group } = subject.chats
    const { buttonLabel } = bot.limits
    const prompt = aPrompt(group.chatId, 1)
    const control = { ...prompt.controls[0]!, label: 'é'.repeat(buttonLabel * 2) }

    await perform({ ...prompt, controls: [control] })

    const [label = ''] = (await subject.shown(group))[0]?.buttons ?? []
    expect(label.length).toBeGreaterThan(0)
    expect(label.length).toBeLessThanOrEqual(buttonLabel)
  })

  test('opens a thread and speaks in it', async ({ bot, perform, subject }) => {
    needs(bot.descriptor.supported_ops?.includes('thread_create'), 'thread_create is not supported')
    needs(subject.threadName, 'the names of threads can not be read there')
    const { group } = subject.chats

    const result = await perform({
      op: 'thread_create',
      chat_id: group.chatId,
      thread_name: `  a   plan ${'x'.repeat(200)}`,
    })

    const id = result.outcome === 'done' ? (result.threadId ?? '') : ''
    expect(id).not.toBe('')
    const name = await subject.threadName({ parent: group, id })
    expect(name).toMatch(/^a plan x+$/)
    expect(name?.length).toBeLessThanOrEqual(100)
  })

  test('renames a thread only while the guard holds', async ({ bot, perform, subject, sink }) => {
    needs(bot.descriptor.supported_ops?.includes('thread_rename'), 'thread_rename is not supported')
    needs(subject.threadName && subject.renameThread, 'the names of threads can not be read there')
    await subject.start(sink)
    const { group } = subject.chats
    const made = await perform({ op: 'thread_create', chat_id: group.chatId, thread_name: 'first' })
    const id = made.outcome === 'done' ? (made.threadId ?? '') : ''
    const thread = { parent: group, id }
    const rename = { op: 'thread_rename', chat_id: group.chatId, message_id: id } as const
    const guarded = (name: string, guard: object) => perform({ ...rename, thread_name: name, ...guard })

    expect(await guarded('second', { only_if_current_name: 'other' })).toMatchObject({ outcome: 'refused' })
    expect(await subject.threadName(thread)).toBe('first')
    expect(await guarded('third', { only_if_connector_created: true })).toMatchObject({ outcome: 'done' })
    expect(await subject.threadName(thread)).toBe('third')

    await subject.renameThread(thread, 'a name of their own')
    // Where renames are only told, this one has been told when what was written after it is there.
    const after = await subject.write({ by: subject.people.ada, chat: group, text: 'renamed' })
    await eventually(() => expect(after.isAccepted()).toBe(true))
    expect(await guarded('fourth', { only_if_connector_created: true })).toMatchObject({ outcome: 'refused' })
    expect(await subject.threadName(thread)).toBe('a name of their own')
  })
}

const aPrompt = (chatId: string, count: number) =>
  ({
    op: 'prompt',
    chat_id: chatId,
    prompt_kind: 'choice',
    prompt_id: 'p.1',
    content: 'Which?',
    options: options(count),
    controls: options(count).map((option) => ({ ...option, token: `hp1:p.1:${option.id}` })),
  }) as const

const options = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ id: `o${n}`, label: `Option ${n + 1}` }))
