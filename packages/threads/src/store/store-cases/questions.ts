import { expect, it } from 'vitest'
import type { QuestionRow } from '../port.js'
import { type Bench, threadOf } from './fixtures.js'

const call: QuestionRow = {
  threadId: 'th_1',
  eventId: 'evt_1',
  kind: 'tool',
  subjectId: 'call_1',
  decisionId: 'dec_1',
  runId: 'run_1',
}
const form: QuestionRow = { ...call, eventId: 'evt_2', kind: 'form', decisionId: 'dec_2', runId: null }

export function questionCases(bench: Bench): void {
  it('finds what an event asked, in its own thread only', async () => {
    const { store } = bench
    const other = { ...form, subjectId: 'a_form', decisionId: 'dec_3' }
    await bench.commit(store.insertThread(threadOf('th_1')))
    await bench.commit(...[call, form, other].map((row) => store.insertQuestion(row)))

    expect(await store.findQuestions('th_1', 'evt_1')).toEqual([call])
    expect(await store.findQuestions('th_1', 'evt_2')).toEqual([other, form])
    expect(await store.findQuestions('th_1', 'evt_3')).toEqual([])
    expect(await store.findQuestions('th_2', 'evt_1')).toEqual([])
  })

  it('finds the latest call with an id, and no form with the same one', async () => {
    const { store } = bench
    const later = { ...call, eventId: 'evt_1b', decisionId: 'dec_4', runId: 'run_2' }
    await bench.commit(store.insertThread(threadOf('th_1')))
    await bench.commit(...[later, call, form].map((row) => store.insertQuestion(row)))

    expect(await store.findToolQuestion('th_1', 'call_1')).toEqual(later)
    expect(await store.findToolQuestion('th_1', 'call_2')).toBeUndefined()
    expect(await store.findToolQuestion('th_2', 'call_1')).toBeUndefined()
  })

  it('refuses the same question twice, and one in no thread', async () => {
    const { store } = bench
    await bench.commit(store.insertThread(threadOf('th_1')))

    expect(await bench.outcome(store.insertQuestion(call))).toBe('committed')
    expect(await bench.outcome(store.insertQuestion({ ...call, decisionId: 'dec_9' }))).toBe('refused')
    expect(await bench.outcome(store.insertQuestion({ ...call, threadId: 'th_9' }))).toBe('refused')
  })

  it('forgets them with their thread, and no others', async () => {
    const { store } = bench
    for (const id of ['th_1', 'th_2'])
      await bench.commit(store.insertThread(threadOf(id)), store.insertQuestion({ ...call, threadId: id }))

    await bench.commit(...store.removeThread('th_1'))

    expect(await store.findQuestions('th_1', 'evt_1')).toEqual([])
    expect(await store.findQuestions('th_2', 'evt_1')).toHaveLength(1)
  })
}
