import { expect, it } from 'vitest'
import { draftOf } from './cases/nodes.js'
import { defaultDecisionLimits as limits } from './limits.js'
import type { Answer, DecisionDraft, Question } from './port.js'
import { assertAnswer, assertDraft } from './question.js'

const options = [
  { id: 'yes', label: 'Yes' },
  { id: 'no', label: 'No' },
]
const form = { properties: { n: { type: 'integer' } }, required: ['n'] }
const now = 1_000_000

/** Paths of what is wrong; empty when nothing is. */
function pathsOf(assert: () => void): string[] {
  try {
    assert()
    return []
  } catch (error) {
    const { details } = error as { details: { problems: { path: string }[] } }
    return details.problems.map(({ path }) => path)
  }
}

const draftPaths = (over: object) =>
  pathsOf(() => assertDraft(draftOf(over as Partial<DecisionDraft>), limits, now))

const cycle: Record<string, unknown> = { options }
cycle.self = cycle

it.each<[string, object, string[]]>([
  ['options', { question: { options } }, []],
  ['a form', { question: { form } }, []],
  ['both, and more', { question: { options, form, title: 'x', tool: { name: 'rm' } } }, []],
  ['nothing to choose', { question: { title: 'x' } }, ['question']],
  ['no options', { question: { options: [] } }, ['question.options']],
  ['options that are no list', { question: { options: 'yes' } }, ['question.options']],
  ['an option without a label', { question: { options: [{ id: 'a' }] } }, ['question.options']],
  ['an option with an empty id', { question: { options: [{ id: '', label: '' }] } }, ['question.options']],
  ['an option that is null', { question: { options: [null] } }, ['question.options']],
  ['the same option twice', { question: { options: [options[0], options[0]] } }, ['question.options']],
  ['a form that is none', { question: { form: { type: 'string' } } }, ['']],
  ['a question that is a list', { question: [] }, ['question']],
  ['a question that JSON has no word for', { question: cycle }, ['question']],
  ['a deadline that is over', { deadline: now }, ['deadline']],
  ['a deadline that is no number', { deadline: Number.NaN }, ['deadline']],
  ['nobody who may answer', { mayAnswer: [] }, ['mayAnswer']],
  ['a NUL in a name', { stream: 'a\0', kind: '', tenantKey: '\0' }, ['stream', 'kind', 'tenantKey']],
])('a question with %s', (_, over, paths) => {
  expect(draftPaths(over)).toEqual(paths)
})

it('has limits that it reaches and does not pass', () => {
  const many = (length: number) => Array.from({ length }, (_, n) => ({ id: `${n}`, label: '' }))
  const ofBytes = (bytes: number) => {
    const rest = Buffer.byteLength(JSON.stringify({ options, text: '' }))
    return { question: { options, text: `${'é'.repeat((bytes - rest - 1) / 2)}x` } }
  }
  const names = (length: number) => ({ mayAnswer: Array.from({ length }, (_, n) => `user:${n}`) })

  expect(draftPaths({ question: { options: many(32) } })).toEqual([])
  expect(draftPaths({ question: { options: many(33) } })).toEqual(['question.options'])
  expect(draftPaths(ofBytes(65_536))).toEqual([])
  expect(draftPaths(ofBytes(65_538))).toEqual(['question'])
  expect(draftPaths(names(1000))).toEqual([])
  expect(draftPaths(names(1001))).toEqual(['mayAnswer'])
})

it.each<[string, Question, object, string[]]>([
  ['an option', { options }, { option: 'no' }, []],
  ['an option that is none', { options }, { option: 'maybe' }, ['option']],
  ['nothing', { options }, {}, ['']],
  ['values for options', { options }, { values: {} }, ['option', 'values']],
  ['values', { form }, { values: { n: 1 } }, []],
  ['values that do not fit', { form }, { values: { n: 'x' } }, ['values.n']],
  ['values that are none', { form }, { values: [] }, ['values']],
  ['an option for a form', { form }, { option: 'yes' }, ['option', 'values']],
  ['the option to a question with both', { options, form }, { option: 'no' }, []],
  ['the values to a question with both', { options, form }, { values: { n: 1 } }, []],
  ['both, of which one does not fit', { options, form }, { option: 'yes', values: {} }, ['values.n']],
  ['a text', { options }, 'yes' as unknown as object, ['']],
  ['too much', { options }, { option: 'yes', note: 'x'.repeat(65_536) }, ['']],
])('an answer of %s', (_, question, answer, paths) => {
  expect(pathsOf(() => assertAnswer(question, answer as Answer, limits))).toEqual(paths)
})
