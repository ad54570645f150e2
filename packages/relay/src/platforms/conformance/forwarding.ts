import { expect } from 'vitest'
import { type Case, eventually, idOf, needs, type Test } from './cases.js'

/** Requests that are passed on, and what was taken out of them. */
export function forwardingCases(test: Test): void {
  // proves: relay.s1
  test('passes a command on without what could act as the bot', async (opened) => {
    const { chat, author, forward, capability } = await forwarded(opened)
    const { subject } = opened

    expect(chat.id).toBe(subject.chats.group.chatId)
    expect(author).toMatchObject({ id: subject.people.ada, isSelf: false })
    expect(forward).toMatchObject({ ...subject.identity, method: 'POST' })
    expect(forward.path).toBe(`/interactions/${subject.identity.platform}/${subject.identity.botId}`)
    expect(forward.headers).toEqual([['content-type', 'application/json']])
    expect(capability?.kind).toMatch(/^[a-z]+\.[a-z_]+$/)
    const text = new TextDecoder().decode(forward.body)
    expect(text).not.toContain(capability?.secret)
    expect(JSON.parse(text)).not.toHaveProperty('token')
  })

  test('follows up: first in the place of what it promised, then after it', async (opened) => {
    const { perform, subject } = opened
    const { capability } = await forwarded(opened)
    const followUp = { op: 'follow_up', secret: capability?.secret ?? '' } as const
    const before = (await subject.shown(subject.chats.group)).filter(({ isOwn }) => isOwn)

    const first = idOf(await perform({ ...followUp, isFirst: true, content: 'thinking is over' }))
    const between = (await subject.shown(subject.chats.group)).filter(({ isOwn }) => isOwn)
    const second = idOf(await perform({ ...followUp, isFirst: false, content: 'one more thing' }))

    expect(between).toMatchObject([{ id: first, text: 'thinking is over' }])
    expect(before.length).toBeLessThanOrEqual(1)
    const after = (await subject.shown(subject.chats.group)).filter(({ isOwn }) => isOwn)
    expect(after).toMatchObject([{ id: first }, { id: second, text: 'one more thing' }])
  })

  test('refuses to follow up with what is no capability', async ({ perform, subject }) => {
    needs(subject.command, 'nothing is passed on there')

    const result = await perform({ op: 'follow_up', secret: 'made-up', isFirst: true, content: 'hm' })

    expect(result).toMatchObject({ outcome: 'refused' })
    expect(await subject.shown(subject.chats.group)).toEqual([])
  })
}

async function forwarded({ subject, sink }: Case) {
  needs(subject.command, 'nothing is passed on there')
  await subject.start(sink)
  const typed = { by: subject.people.ada, chat: subject.chats.group, name: 'model', value: 'large' }
  const delivered = await subject.command(typed)
  await eventually(() => expect(delivered.isAccepted()).toBe(true))
  const [forward] = sink.forwards
  if (!forward) throw new Error('nothing was passed on')
  return forward
}
