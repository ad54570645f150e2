// What handlers wait for: people.
import type { SettledDecision } from '@parley/kernel/decisions'
import { threadsErrors } from '../../errors.js'
import type { Identity } from '../../protocol/index.js'
import type { RunRow } from '../../store/port.js'
import type { ThreadsDeps } from '../deps.js'
import type { FormAnswer, HandlerContext, ToolVerdict } from '../runs/handler.js'
import { withoutFaults } from '../runs/own-faults.js'
import type { RunClock } from '../runs/run-clock.js'

type Wait = {
  run: RunRow
  signal: AbortSignal
  /** Stands still meanwhile. */
  limit: RunClock
}

/** The waiting side of a handler's context. */
export function createWaiting(deps: ThreadsDeps, wait: Wait): Pick<HandlerContext, 'answer' | 'approval'> {
  const { threadId, id } = wait.run
  return {
    answer: (asked, formId) =>
      held(deps, wait, async (signal) => {
        const questions = await deps.store.findQuestions(threadId, asked.id)
        const question = questions.find(
          ({ kind, subjectId }) => kind === 'form' && (formId ?? subjectId) === subjectId,
        )
        if (!question)
          throw threadsErrors.invalidRequest({
            message: 'Nothing to wait for: this event asks no such form.',
          })
        return toFormAnswer(deps, threadId, await deps.decisions.settled(question.decisionId, { signal }))
      }),
    approval: ({ tool }) =>
      held(deps, wait, async (signal) => {
        const question = await deps.store.findToolQuestion(threadId, tool.id)
        if (question?.runId !== id)
          throw threadsErrors.invalidRequest({
            message: 'Nothing to wait for: yield a tool call with metadata.approval "required" first.',
          })
        return toVerdict(deps, threadId, await deps.decisions.settled(question.decisionId, { signal }))
      }),
  }
}

async function held<T>(
  deps: ThreadsDeps,
  { signal, limit }: Wait,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const release = limit.hold()
  try {
    return await withoutFaults(deps, () => work(signal), signal)
  } finally {
    release()
  }
}

async function toFormAnswer(
  deps: ThreadsDeps,
  threadId: string,
  decision: SettledDecision,
): Promise<FormAnswer> {
  if (decision.state !== 'answered') return { status: decision.state, values: null, by: null }
  const by = await answererOf(deps, threadId, decision)
  const { values } = decision.answer
  return values
    ? { status: 'submitted', values: { ...values }, by }
    : { status: 'cancelled', values: null, by }
}

async function toVerdict(
  deps: ThreadsDeps,
  threadId: string,
  decision: SettledDecision,
): Promise<ToolVerdict> {
  if (decision.state !== 'answered')
    return { approved: false, status: decision.state, by: null, reason: null }
  const { option, values } = decision.answer
  const approved = option === 'approve'
  const reason = typeof values?.reason === 'string' ? values.reason : null
  const by = await answererOf(deps, threadId, decision)
  return { approved, status: approved ? 'approved' : 'rejected', by, reason }
}

/** Who answered, as the thread knows them; one who has left is made from what the decision keeps. */
async function answererOf(
  { store }: ThreadsDeps,
  threadId: string,
  { answeredBy }: SettledDecision & { state: 'answered' },
): Promise<Identity> {
  const { kind, id, name = id } = answeredBy
  const member = await store.findMember(threadId, id)
  // The cast: only identities of the wire answer here, and their roles are the kinds.
  return member?.identity ?? { role: kind as Identity['role'], id, name, metadata: {} }
}
