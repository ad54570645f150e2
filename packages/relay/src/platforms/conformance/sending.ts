import { expect } from 'vitest'
import { textLength } from '../../protocol/index.js'
import { eventually, idOf, needs, type Test } from './cases.js'

/** What every bot does in a chat. */
export function sendingCases(test: Test): void {
  test('says of itself what its limits say', async ({ bot, subject }) => {
    const { descriptor, limits } = bot

    expect(descriptor).toMatchObject({ contract_version: 1, platform: subject.identity.platform })
    expect(descriptor.max_message_length).toBe(limits.messageLength)
    expect(descriptor.supported_ops).toEqual(expect.arrayContaining(['send', 'edit', 'typing']))
    expect(JSON.parse(JSON.stringify(descriptor))).toEqual(descriptor)
  })

  test('sends a message and answers its id', async ({ perform, subject }) => {
    const { group } = subject.chats

    const id = idOf(await perform({ op: 'send', chat_id: group.chatId, content: 'hello there' }))

    expect(await subject.shown(group)).toMatchObject([{ id, text: 'hello there', isOwn: true }])
  })

  test('sends markup that the platform does not take as plain text', async ({ perform, subject }) => {
    const { direct } = subject.chats
    const texts = ['a_b *c [d](', '1 < 2 & 3 > 2 <b> ||x', '`open **bold', '> a.b!c-d=e|f{g}~h#i+j']

    for (const content of texts) {
      const result = await perform({ op: 'send', chat_id: direct.chatId, content })
      expect(result, content).toMatchObject({ outcome: 'done' })
    }
  })

  test('splits a text that is too long and answers the first id', async ({ bot, perform, subject }) => {
    const { group } = subject.chats
    const { messageLength } = bot.limits
    const words = Array.from({ length: Math.ceil((messageLength * 2.5) / 8) }, (_, n) =>
      `w${n}`.padEnd(7, 'x'),
    )
    const content = `${words.join(' ')} 👩‍👩‍👧‍👧`

    const id = idOf(await perform({ op: 'send', chat_id: group.chatId, content }))

    const shown = await subject.shown(group)
    expect(shown.length).toBeGreaterThan(2)
    expect(shown[0]?.id).toBe(id)
    for (const { text } of shown)
      expect(textLength(text, bot.descriptor.len_unit)).toBeLessThanOrEqual(messageLength)
    const bare = (text: string) => text.replace(/\s/g, '')
    expect(bare(shown.map(({ text }) => text).join(''))).toBe(bare(content))
  })

  test('refuses a text without anything in it', async ({ perform, subject }) => {
    const { group } = subject.chats

    expect(await perform({ op: 'send', chat_id: group.chatId, content: ' \n' })).toMatchObject({
      outcome: 'refused',
    })
    expect(await subject.shown(group)).toEqual([])
  })

  test('calls nobody by calling everybody', async ({ perform, subject }) => {
    needs(subject.called, 'nobody can call everybody there')
    const { group } = subject.chats

    const content = '@everyone and @here, <@&123>'
    const id = idOf(await perform({ op: 'send', chat_id: group.chatId, content }))
    await perform({ op: 'edit', chat_id: group.chatId, message_id: id, content: `again ${content}` })

    expect(await subject.called(group, id)).toBe(0)
  })

  test('answers a message, and sends without one when that is gone', async ({ perform, subject, sink }) => {
    await subject.start(sink)
    const { group } = subject.chats
    const there = await subject.write({ by: subject.people.ada, chat: group, text: 'still here' })
    const gone = await subject.write({ by: subject.people.ada, chat: group, text: 'soon gone' })
    await subject.remove(group, gone.messageId)

    const send = { op: 'send', chat_id: group.chatId, content: 'yes' } as const
    const first = await perform({ ...send, reply_to: there.messageId })
    const second = await perform({ ...send, reply_to: gone.messageId })

    const shown = await subject.shown(group)
    expect(shown.find(({ id }) => id === idOf(first))).toMatchObject({ replyTo: there.messageId })
    expect(shown.find(({ id }) => id === idOf(second))).toMatchObject({ replyTo: null })
  })

  test('changes its own message', async ({ perform, subject }) => {
    const { group } = subject.chats
    const id = idOf(await perform({ op: 'send', chat_id: group.chatId, content: 'one' }))

    const change = { op: 'edit', chat_id: group.chatId, message_id: id, content: 'two' } as const
    const changed = await perform(change)
    const again = await perform(change)

    const shown = await subject.shown(group)
    expect(shown).toMatchObject([{ id: idOf(changed), text: 'two' }])
    expect(again, 'an edit that changes nothing is done').toMatchObject({ outcome: 'done' })
  })

  test('refuses to change what is not there', async ({ perform, subject }) => {
    const { group } = subject.chats
    const id = idOf(await perform({ op: 'send', chat_id: group.chatId, content: 'one' }))
    await subject.remove(group, id)

    const result = await perform({ op: 'edit', chat_id: group.chatId, message_id: id, content: 'two' })

    expect(result).toMatchObject({ outcome: 'refused', error: expect.stringMatching(/./) })
  })

  // proves: relay.p18
  test('types, and an empty status does not begin it', async ({ perform, subject }) => {
    const { direct } = subject.chats

    expect(await perform({ op: 'typing', chat_id: direct.chatId, content: '' })).toMatchObject({
      outcome: 'done',
    })
    expect(await subject.isTyping(direct)).toBe(false)

    expect(await perform({ op: 'typing', chat_id: direct.chatId })).toMatchObject({ outcome: 'done' })
    await eventually(async () => expect(await subject.isTyping(direct)).toBe(true))
  })

  test('reacts once, and takes it back once', async ({ bot, perform, subject }) => {
    needs(bot.descriptor.supported_ops?.includes('react'), 'react is not supported')
    const { group } = subject.chats
    const id = idOf(await perform({ op: 'send', chat_id: group.chatId, content: 'well?' }))
    const reaction = { op: 'react', chat_id: group.chatId, message_id: id, emoji: '👍' } as const

    const added = [await perform(reaction), await perform(reaction)]
    const between = await subject.shown(group)
    const taken = [await perform({ ...reaction, remove: true }), await perform({ ...reaction, remove: true })]

    for (const result of [...added, ...taken]) expect(result).toMatchObject({ outcome: 'done' })
    expect(between).toMatchObject([{ reactions: ['👍'] }])
    expect(await subject.shown(group)).toMatchObject([{ reactions: [] }])
  })

  test('takes its message away, and again', async ({ bot, perform, subject }) => {
    needs(bot.descriptor.supported_ops?.includes('delete'), 'delete is not supported')
    const { group } = subject.chats
    const id = idOf(await perform({ op: 'send', chat_id: group.chatId, content: 'oops' }))
    const gone = { op: 'delete', chat_id: group.chatId, message_id: id } as const

    expect([await perform(gone), await perform(gone)]).toMatchObject([
      { outcome: 'done' },
      { outcome: 'done' },
    ])
    expect(await subject.shown(group)).toEqual([])
  })

  test('refuses a chat that is not there', async ({ perform }) => {
    const result = await perform({ op: 'send', chat_id: '990000000000000001', content: 'hello?' })

    expect(result).toMatchObject({ outcome: 'refused', error: expect.stringMatching(/./) })
  })
}
