// What the plane asks: a decision of the kernel, and the row that leads to it, in the unit of the event that asks.
import type { Op } from '@parley/kernel/db'
import type { Decision, Question } from '@parley/kernel/decisions'
import type { Identity } from '../../protocol/index.js'
import type { QuestionRow } from '../../store/port.js'
import { toActor } from '../caller.js'
import type { ThreadsDeps } from '../deps.js'
import { streamOf } from '../events.js'

/** The plane's kinds of decisions. */
export const decisionKinds = { form: 'threads.form', tool: 'threads.tool' } as const

/** Open questions of one thread. Past it whatever asks is refused. */
export const maxOpenQuestions = 500

/** What the plane keeps in a question: where it was asked. */
export type Asked = { event_id: string; subject_id: string; run_id: string | null }

/** A question that is about to be asked. */
export type Ask = Omit<QuestionRow, 'decisionId'> & {
  /** Who asks, and therefore can't answer. */
  author: Identity
  question: Question
  /** Seconds from now until it expires; absent: never. */
  deadlineSeconds?: number
}

/** Asks. Throws `decision.invalid_question`; its statements refuse their unit when too many are open in the thread. */
export function askOps({ decisions, ground, store }: ThreadsDeps, ask: Ask): Op[] {
  const { threadId, eventId, kind, subjectId, runId, author, question, deadlineSeconds } = ask
  const asked: Asked = { event_id: eventId, subject_id: subjectId, run_id: runId }
  const decision = decisions.prepare({
    stream: streamOf(threadId),
    kind: decisionKinds[kind],
    question: { ...question, asked },
    asker: toActor(author),
    ...(deadlineSeconds !== undefined && {
      deadline: ground.clock.micros() + Math.round(deadlineSeconds * 1_000_000),
    }),
  })
  const row = { threadId, eventId, kind, subjectId, runId, decisionId: decision.id }
  return [store.insertQuestion(row), ...decisions.askOps(decision)]
}

/** Where a decision of the plane was asked. */
export function askedIn({ question }: Decision): Asked {
  // The cast: `askOps` has put it there, for every decision of the plane's kinds.
  return question.asked as Asked
}
