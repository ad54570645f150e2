// How refusals of decisions are said on the threads' wire.
import type { Decision, FormProblem } from '@parley/kernel/decisions'
import { isParleyError, type ParleyError } from '@parley/kernel/errors'
import { threadsErrors } from '../../errors.js'
import type { QuestionRow } from '../../store/port.js'
import type { ThreadsDeps } from '../deps.js'
import { streamOf } from '../events.js'
import { maxOpenQuestions } from './questions.js'

/** Problems that are told; the others come up once these are mended. */
const maxTold = 3

/** A refusal of `prepare` or `answerOps` in the plane's words; `where` names the member. Anything else is as it was. */
export function toRefusal(error: unknown, where: string): unknown {
  if (isParleyError(error, 'decision.asker_may_not_answer')) return threadsErrors.askerMayNotAnswer()
  const isInvalid =
    isParleyError(error, 'decision.invalid_question') || isParleyError(error, 'decision.invalid_answer')
  return isInvalid ? threadsErrors.invalidRequest({ message: `${where}: ${toldProblems(error)}` }) : error
}

/** True for a refusal that says: this is decided already, or its time is over. */
export function isOver(error: unknown): boolean {
  return isParleyError(error, 'decision.already_settled') || isParleyError(error, 'decision.expired')
}

function toldProblems({ details, message }: ParleyError): string {
  // The cast: both refusals carry a list of problems.
  const problems = (details?.problems ?? []) as readonly FormProblem[]
  const told = problems.slice(0, maxTold).map(({ path, message }) => `${path} ${message}`.trim())
  return told.length > 0 ? told.join(' ') : message
}

/**
 * Why a unit that answers was refused: somebody was faster, its time is over, or the run that asked is. Undefined when none
 * of that is so: then another statement refused.
 */
export async function answerRefusal(
  { decisions, store }: ThreadsDeps,
  { decisionId, kind, runId }: QuestionRow,
): Promise<ParleyError | undefined> {
  const decision = await decisions.find(decisionId)
  const over = decision && (await decisions.refusal(decisionId)) ? howItEnded(decision) : undefined
  if (over) return conflict(kind, over)
  const run = kind === 'tool' && runId !== null ? await store.findRun(runId) : undefined
  return run && run.status !== 'running' ? conflict(kind, 'was withdrawn: its run is over') : undefined
}

const nouns = { form: 'this form', tool: 'this tool call' } as const

const conflict = (kind: QuestionRow['kind'], end: string): ParleyError =>
  threadsErrors.conflict({ message: `${nouns[kind]} ${end}` })

const verbs: Readonly<Record<string, string>> = {
  cancel: 'cancelled',
  approve: 'approved',
  reject: 'rejected',
}

function howItEnded(decision: Decision): string {
  if (decision.state === 'withdrawn') return 'was withdrawn'
  // An open one that is refused has passed its deadline.
  if (decision.state !== 'answered') return 'can not be answered any more: its time is over'
  const { answer, answeredBy } = decision
  return `was ${verbs[answer.option ?? ''] ?? 'answered'} by ${answeredBy.name ?? answeredBy.id}`
}

/** Why a unit that asks was refused; undefined when it was not for its questions. */
export async function askRefusal(
  { decisions }: ThreadsDeps,
  threadId: string,
): Promise<ParleyError | undefined> {
  const open = await decisions.open(streamOf(threadId))
  if (open.length < maxOpenQuestions) return undefined
  const message = `${maxOpenQuestions} questions are open in this thread already`
  return threadsErrors.rateLimited({ message })
}
