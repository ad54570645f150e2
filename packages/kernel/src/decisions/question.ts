// What may be asked and what counts as an answer to it.

import type { Micros } from '../ids/index.js'
import { decisionErrors } from './errors.js'
import { type FormProblem, formProblems, schemaProblems } from './form-schema.js'
import type { DecisionLimits } from './limits.js'
import type { Answer, DecisionDraft, Option, Question } from './port.js'

/** Throws `decision.invalid_question` with everything that is wrong. */
export function assertDraft(draft: DecisionDraft, limits: DecisionLimits, now: Micros): void {
  const problems = [
    ...textProblems({ stream: draft.stream, kind: draft.kind, tenantKey: draft.tenantKey ?? '-' }),
    ...answererProblems(draft, limits),
    ...deadlineProblems(draft, now),
    ...questionProblems(draft.question, limits),
  ]
  if (problems.length > 0) throw decisionErrors.invalidQuestion({ details: { problems } })
}

/** Throws `decision.invalid_answer` with everything that is wrong. */
export function assertAnswer(question: Question, answer: Answer, limits: DecisionLimits): void {
  const problems = sizeProblems('', answer, limits.maxAnswerBytes)
  if (problems.length === 0) problems.push(...answerProblems(question, answer))
  if (problems.length > 0) throw decisionErrors.invalidAnswer({ details: { problems } })
}

function questionProblems(question: Question, limits: DecisionLimits): FormProblem[] {
  const tooLarge = sizeProblems('question', question, limits.maxQuestionBytes)
  if (tooLarge.length > 0) return tooLarge
  const { options, form } = question
  if (!options && !form) return [{ path: 'question', message: 'needs options or a form.' }]
  return [...(options ? optionProblems(options, limits) : []), ...(form ? schemaProblems(form) : [])]
}

function optionProblems(options: readonly Option[], { maxOptions }: DecisionLimits): FormProblem[] {
  const path = 'question.options'
  if (!Array.isArray(options) || options.length === 0) return [{ path, message: 'has to list something.' }]
  if (options.length > maxOptions) return [{ path, message: `takes at most ${maxOptions} options.` }]
  const isWhole = options.every((option) => isText(option?.id) && typeof option.label === 'string')
  if (!isWhole) return [{ path, message: 'needs an id and a label in each option.' }]
  const isDistinct = new Set(options.map(({ id }) => id)).size === options.length
  return isDistinct ? [] : [{ path, message: 'has the same id twice.' }]
}

function answererProblems({ mayAnswer }: DecisionDraft, { maxAnswerers }: DecisionLimits): FormProblem[] {
  const path = 'mayAnswer'
  if (mayAnswer === undefined || mayAnswer === 'anyone-but-asker') return []
  if (mayAnswer.length === 0) return [{ path, message: 'has to name somebody.' }]
  return mayAnswer.length > maxAnswerers ? [{ path, message: `takes at most ${maxAnswerers} names.` }] : []
}

function deadlineProblems({ deadline }: DecisionDraft, now: Micros): FormProblem[] {
  const path = 'deadline'
  if (deadline === undefined) return []
  if (!Number.isSafeInteger(deadline)) return [{ path, message: 'has to be a whole number of microseconds.' }]
  return deadline <= now ? [{ path, message: 'is over already.' }] : []
}

function answerProblems({ options, form }: Question, answer: Answer): FormProblem[] {
  const { option, values } = answer
  const problems: FormProblem[] = []
  if (option === undefined && values === undefined) problems.push({ path: '', message: 'chooses nothing.' })
  else if (option === undefined && !form) problems.push({ path: 'option', message: 'is missing.' })
  if (option !== undefined && !options?.some(({ id }) => id === option))
    problems.push({ path: 'option', message: 'is not one of the options.' })
  if (values === undefined) {
    if (option !== undefined && !options && form) problems.push({ path: 'values', message: 'is missing.' })
    return problems
  }
  if (!form) return [...problems, { path: 'values', message: 'was not asked for.' }]
  return [...problems, ...formProblems(form, values).map((each) => ({ ...each, path: pathIn(each.path) }))]
}

const pathIn = (path: string): string => (path ? `values.${path}` : 'values')

function sizeProblems(path: string, value: unknown, maxBytes: number): FormProblem[] {
  const text = jsonOf(value)
  if (text === undefined) return [{ path, message: 'has to be a JSON object.' }]
  return Buffer.byteLength(text) > maxBytes ? [{ path, message: `takes at most ${maxBytes} bytes.` }] : []
}

/** Undefined for whatever is no object, or has no JSON text: a cycle, a bigint, a nesting too deep. */
function jsonOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  try {
    return JSON.stringify(value)
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) return undefined
    throw error
  }
}

// OUTSIDE: Postgres refuses text with a NUL, and SQLite cuts it there.
function textProblems(texts: Record<string, string>): FormProblem[] {
  const bad = Object.entries(texts).filter(([, text]) => !isText(text))
  return bad.map(([path]) => ({ path, message: 'has to be a text that is not empty, without NUL.' }))
}

/** True for a text that a database keeps as it is. */
export function isText(text: unknown): text is string {
  return typeof text === 'string' && text !== '' && !text.includes('\0')
}
