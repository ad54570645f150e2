import { expect } from 'vitest'
import { eventually, needs, type Test } from './cases.js'

/** What a call comes to when the platform is not well. Never an exception, never a secret. */
export function failingCases(test: Test): void {
  // proves: relay.s1
  test('was not done while the platform is down, and may be tried again', async (opened) => {
    const { perform, subject } = opened
    needs(subject.faults.includes('down'), 'it can not be down')
    const send = { op: 'send', chat_id: subject.chats.group.chatId, content: 'anybody?' } as const

    await subject.answer('down')
    expect(await perform(send)).toMatchObject({ outcome: 'failed', error: expect.stringMatching(/./) })
    await subject.answer('well')

    expect(await subject.shown(subject.chats.group)).toEqual([])
    expect(await perform(send)).toMatchObject({ outcome: 'done' })
  })

  test('says for how long a platform that was asked too often wants to be left alone', async (opened) => {
    const { perform, subject } = opened
    needs(subject.faults.includes('limited'), 'it has no limits')
    const send = { op: 'send', chat_id: subject.chats.group.chatId, content: 'quickly' } as const

    await subject.answer({ limitedForMs: 1_000 })
    const limited = await perform(send)
    await subject.answer('well')

    expect(limited).toMatchObject({ outcome: 'limited', retryAfterMs: 1_000 })
    expect(await subject.shown(subject.chats.group)).toEqual([])
  })

  // proves: relay.s1
  test('says why the platform refuses, in words without secrets', async ({ perform, subject }) => {
    needs(subject.faults.includes('refuses'), 'it can not be made to refuse')
    await subject.answer('refuses')

    const result = await perform({ op: 'send', chat_id: subject.chats.group.chatId, content: 'please' })

    expect(result).toMatchObject({ outcome: 'refused', error: expect.stringMatching(/./) })
  })

  test('does not know what became of a call that it gave up', async ({ perform, subject }) => {
    needs(subject.faults.includes('hangs'), 'it can not be made to hang')
    await subject.answer('hangs')
    const given = new AbortController()

    const call = perform({ op: 'send', chat_id: subject.chats.group.chatId, content: 'so' }, given.signal)
    await eventually(() => expect(subject.hanging()).toBeGreaterThan(0))
    given.abort()

    expect(await call).toMatchObject({ outcome: 'ambiguous', error: expect.stringMatching(/./) })
    await subject.answer('well')
  })
}
