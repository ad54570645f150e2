import { expect } from 'vitest'
import { eventually, needs, type Test } from './cases.js'

/** What can be asked of a platform. */
export function askingCases(test: Test): void {
  test('knows who it is', async ({ bot, subject }) => {
    const who = await bot.check(new AbortController().signal)

    expect(who.botId).toBe(subject.identity.botId)
  })

  test('refuses a credential that the platform does not know', async ({ subject }) => {
    needs(subject.wrongBot, 'it has no credentials')
    const wrong = subject.wrongBot()

    const refusal = await wrong.check(new AbortController().signal).catch((error: unknown) => error)

    await wrong.stop()
    expect(refusal).toMatchObject({ code: 'relay.credential_refused' })
    for (const canary of subject.canaries()) expect(JSON.stringify(refusal)).not.toContain(canary)
  })

  test('describes chats, and none that is not there', async ({ bot, subject }) => {
    const signal = new AbortController().signal
    const { direct, group } = subject.chats

    expect(await bot.chatInfo(direct.chatId, { signal })).toMatchObject({
      name: expect.stringMatching(/./),
      type: 'dm',
    })
    const info = await bot.chatInfo(group.chatId, { signal })
    expect(info?.scopeId ?? null).toBe(group.scopeId)
    expect(await bot.chatInfo('990000000000000001', { signal })).toBeUndefined()
  })

  test('knows who may view a chat, and never says yes without knowing', async ({ bot, subject }) => {
    const { ada, stranger } = subject.people
    const { group } = subject.chats

    expect(await bot.canView(ada, group)).toBe('yes')
    expect(await bot.canView(stranger, group)).not.toBe('yes')
    expect(await bot.canView(ada, { ...group, chatId: '990000000000000001' })).not.toBe('yes')
  })

  test('knows which scope a chat is in', async ({ bot, subject }) => {
    const { chatId, scopeId } = subject.chats.group
    needs(scopeId !== null, 'chats have no scope there')

    expect(await bot.isIn({ chatId, scopeId })).toBe('yes')
    expect(await bot.isIn({ chatId, scopeId: '990000000000000002' })).not.toBe('yes')
    expect(await bot.isIn({ chatId: '990000000000000001', scopeId })).not.toBe('yes')
  })

  test('knows whose a direct chat is', async ({ bot, subject }) => {
    const { direct, group } = subject.chats
    const { ada, ben } = subject.people

    expect(await bot.isDirect(direct.chatId, ada)).toBe('yes')
    expect(await bot.isDirect(direct.chatId, ben)).not.toBe('yes')
    expect(await bot.isDirect(group.chatId, ada)).not.toBe('yes')
  })

  test('says nothing that is not so while the platform is down', async ({ bot, subject }) => {
    needs(subject.faults.includes('down'), 'it can not be down')
    await subject.answer('down')
    const { group } = subject.chats

    // What it was told before it may still know; what is not so it must not say.
    const answers = [
      await bot.canView(subject.people.stranger, group),
      await bot.isIn({ chatId: group.chatId, scopeId: '990000000000000002' }),
      await bot.isDirect(group.chatId, subject.people.ada),
    ]

    expect(answers).not.toContain('yes')
  })

  test('tells what was said before', async ({ bot, subject, sink }) => {
    needs(bot.descriptor.supports_context && bot.context, 'context is not supported')
    await subject.start(sink)
    const { group } = subject.chats
    const said = { by: subject.people.ben, chat: group }
    await subject.write({ ...said, text: 'rolling back' })
    await subject.write({ ...said, text: 'done' })
    const last = await subject.write({ by: subject.people.ada, chat: group, text: 'what happened?' })
    await eventually(() => expect(last.isAccepted()).toBe(true))

    const context = await bot.context(group, last.messageId)

    expect(context).toMatchObject([
      { text: 'rolling back', userId: subject.people.ben },
      { text: 'done', userId: subject.people.ben },
    ])
  })

  test('sets its commands, and writes only what differs', async ({ bot, subject }) => {
    needs(bot.setCommands && subject.commands, 'there are no commands')
    const manifest = [
      { name: 'new', description: 'Start over' },
      { name: 'model', description: 'Choose a model' },
    ]

    await bot.setCommands(manifest)
    const first = await subject.commands()
    await bot.setCommands(manifest)
    const second = await subject.commands()
    await bot.setCommands(manifest.slice(1))

    expect(first.now.map(({ name }) => name)).toEqual(['new', 'model'])
    expect(second.writes).toBe(first.writes)
    expect((await subject.commands()).now.map(({ name }) => name)).toEqual(['model'])
  })
}
