import { expect } from 'vitest'
import { eventually, needs, type Test } from './cases.js'

const reason = 'the platform does not call'

/** Platforms that call: at the edge. */
export function edgeCases(test: Test): void {
  test('lets nothing in whose signature is wrong', async ({ bot, subject, sink }) => {
    needs(bot.edge && subject.edge, reason)
    const { edge } = subject
    const request = await edge.request({
      by: subject.people.ada,
      chat: subject.chats.group,
      text: 'let me in',
    })

    for (const wrong of [edge.tampered(request), edge.unsigned(request)])
      expect(await bot.edge(wrong, sink)).toMatchObject({ status: 401 })

    expect([sink.attempts, sink.messages, sink.forwards]).toEqual([0, [], []])
  })

  test('takes what is signed, and answers when it is stored', async ({ bot, subject, sink }) => {
    needs(bot.edge && subject.edge, reason)
    const said = { by: subject.people.ada, chat: subject.chats.group, text: 'good day' }
    let open = (): void => {}
    sink.gate = new Promise((resolve) => {
      open = resolve
    })
    let isAnswered = false

    const answer = bot.edge(await subject.edge.request(said), sink)
    answer.then(
      () => {
        isAnswered = true
      },
      () => {},
    )
    await eventually(() => expect(sink.attempts).toBe(1))
    expect(isAnswered).toBe(false)
    open()

    expect((await answer).status).toBeLessThan(300)
    expect(sink.messages.length + sink.forwards.length).toBe(1)
  })

  test('tells the platform when it could not store', async ({ bot, subject, sink }) => {
    needs(bot.edge && subject.edge, reason)
    sink.isBroken = true
    const said = { by: subject.people.ada, chat: subject.chats.group, text: 'good day' }

    const answer = await bot.edge(await subject.edge.request(said), sink)

    expect(answer.status).toBeGreaterThanOrEqual(500)
    expect(answer.body ?? '').not.toContain('the store is down')
  })

  test('survives what is signed and makes no sense', async ({ bot, subject, sink }) => {
    needs(bot.edge && subject.edge, reason)

    const answer = await bot.edge(await subject.edge.nonsense(), sink)

    expect(answer.status).toBeLessThan(500)
    expect(sink.attempts).toBe(0)
  })
}
