import { expect } from 'vitest'
import type { DecisionId } from '../port.js'
import {
  agent,
  ann,
  answer,
  ask,
  ben,
  type Case,
  cem,
  type DecisionsNode,
  eventsOf,
  inMs,
  room,
  told,
} from './nodes.js'

const never = { sql: 'select 1 where 1 = 0', params: [], atLeast: 1 }

const refusal = (code: string, details?: object) =>
  expect.objectContaining({
    code: `decision.${code}`,
    ...(details && { details: expect.objectContaining(details) }),
  })

const withdraw = ({ decisions }: DecisionsNode, id: DecisionId) => decisions.withdraw(id, told(agent))

export const answering = {
  'an answer is read on any node: who, what, when, and its event': async (a, b) => {
    const asked = await ask(a)
    await b.clock.advance(5)

    const answered = await answer(b, asked.id, ann, 'no')

    expect(answered).toEqual({
      ...asked,
      state: 'answered',
      answer: { option: 'no' },
      answeredBy: ann,
      answeredAt: asked.createdAt + 5000,
      automatic: false,
    })
    expect(await a.decisions.get(asked.id)).toEqual(answered)
    expect(await eventsOf(a)).toEqual([`decision.open ${asked.id}`, `decision.answered ${asked.id}`])
  },

  'of fifty answers at once one counts, and the others are told who decided': async (a, b) => {
    const asked = await ask(a)
    const people = Array.from({ length: 50 }, (_, n) => ({ ...ann, id: `user ${n}` }))

    const results = await Promise.allSettled(people.map((who, n) => answer(n % 2 ? a : b, asked.id, who)))

    const won = results.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
    const lost = results.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []))
    const { kind, id, name } = won[0]!.answeredBy
    expect(won).toHaveLength(1)
    expect(lost).toEqual(
      Array(49).fill(
        refusal('already_settled', { id: asked.id, state: 'answered', answeredBy: { kind, id, name } }),
      ),
    )
    expect(await a.decisions.get(asked.id)).toEqual(won[0])
    expect(await eventsOf(a)).toHaveLength(2)
  },

  'whoever asks can not answer, also when it is named': async (a) => {
    const open = await ask(a)
    const named = await ask(a, { mayAnswer: ['assistant:agent'] })

    for (const { id } of [open, named])
      await expect(answer(a, id, { ...agent, name: 'somebody else' })).rejects.toEqual(
        refusal('asker_may_not_answer'),
      )
    expect(await a.decisions.open(room)).toHaveLength(2)
  },

  'the statement itself refuses the asker': async (a) => {
    const asked = await ask(a)

    const ops = a.decisions.answerOps({ ...asked, asker: ann }, { answer: { option: 'yes' }, by: agent })

    expect((await a.log.commit({ ops, appends: [] })).outcome).toBe('refused')
  },

  'only those who are named may answer': async (a) => {
    const { id } = await ask(a, { mayAnswer: ['user:ann', 'user:ben'] })

    await expect(answer(a, id, cem)).rejects.toEqual(refusal('not_allowed'))
    await expect(answer(a, id, { ...ann, kind: 'agent' })).rejects.toEqual(refusal('not_allowed'))
    expect((await answer(a, id, ben)).answeredBy).toEqual(ben)
  },

  'an answer that does not fit is refused with every problem, and it stays open': async (a) => {
    const { id } = await ask(a)
    const form = { properties: { n: { type: 'integer' } }, required: ['n', 'why'] }
    const asked = await ask(a, { question: { form } })
    const give = (values: Record<string, unknown>) =>
      a.decisions.answer(asked.id, { answer: { values }, by: ann }, told(ann))

    await expect(answer(a, id, ann, 'maybe')).rejects.toEqual(
      refusal('invalid_answer', { problems: [{ path: 'option', message: expect.any(String) }] }),
    )
    await expect(give({ n: 1.5 })).rejects.toMatchObject({
      details: { problems: [{ path: 'values.why' }, { path: 'values.n' }] },
    })
    expect(await a.decisions.open(room)).toHaveLength(2)
    expect((await give({ n: 1, why: '' })).answer).toEqual({ values: { n: 1, why: '' } })
  },

  'an unknown decision is not found': async (a) => {
    for (const id of ['dec_0', '', 'a\0b']) {
      expect(await a.decisions.find(id)).toBeUndefined()
      await expect(answer(a, id, ann)).rejects.toEqual(refusal('not_found'))
      expect(await a.decisions.refusal(id)).toEqual(refusal('not_found'))
    }
  },

  'a late answer is refused, also before anybody noticed the deadline': async (a) => {
    const { id, deadline } = await ask(a, { deadline: inMs(a, 100) })
    await a.clock.advance(100)

    await expect(answer(a, id, ann)).rejects.toEqual(refusal('expired', { deadline }))
    await expect(withdraw(a, id)).rejects.toEqual(refusal('expired'))
  },

  'an answer in the last microsecond counts': async (a) => {
    const { id } = await ask(a, { deadline: inMs(a, 100) + 1 })
    await a.clock.advance(100)

    expect((await answer(a, id, ann)).state).toBe('answered')
  },

  'an answer and the rows of a plane are one unit': async (a) => {
    const asked = await ask(a)
    const ops = a.decisions.answerOps(asked, { answer: { option: 'yes' }, by: ann })
    const appends = [{ stream: room, drafts: told(ann)(asked) }]

    const refused = await a.log.commit({ ops: [...ops, never], appends })
    const before = [await a.decisions.refusal(asked.id), (await a.decisions.get(asked.id)).state]
    const done = await a.log.commit({ ops, appends })
    const again = await a.log.commit({ ops, appends })

    expect([refused.outcome, done.outcome, again.outcome]).toEqual(['refused', 'committed', 'refused'])
    expect(before).toEqual([undefined, 'open'])
    expect(await a.decisions.refusal(asked.id)).toEqual(refusal('already_settled'))
    expect(await eventsOf(a)).toHaveLength(2)
  },

  'an answer that a standing rule gave is marked': async (a) => {
    const { id } = await ask(a)

    await a.decisions.answer(id, { answer: { option: 'yes' }, by: ann, automatic: true }, told(ann))

    expect(await a.decisions.get(id)).toMatchObject({ answeredBy: ann, automatic: true })
    await expect(answer(a, id, ben)).rejects.toEqual(refusal('already_settled', { automatic: true }))
  },

  'what was withdrawn nobody answers, and what was answered nobody withdraws': async (a, b) => {
    const [first, other] = [await ask(a), await ask(a)]

    expect((await withdraw(a, first.id)).state).toBe('withdrawn')
    await answer(a, other.id, ann)

    await expect(answer(b, first.id, ann)).rejects.toEqual(refusal('already_settled', { state: 'withdrawn' }))
    await expect(withdraw(b, other.id)).rejects.toEqual(refusal('already_settled', { state: 'answered' }))
    expect(await b.decisions.get(first.id)).toEqual({ ...first, state: 'withdrawn' })
  },
} satisfies Record<string, Case>
