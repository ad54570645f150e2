// Calls of tools that somebody has to agree to.
import type { Question } from '@parley/kernel/decisions'
import { threadsErrors } from '../../errors.js'
import { lengths, type ThreadEvent, type Verdict } from '../../protocol/index.js'
import type { QuestionRow, RunRow } from '../../store/port.js'
import { type Caller, toActor } from '../caller.js'
import type { ThreadsDeps } from '../deps.js'
import { streamOf, toDraft, toWireEvent } from '../events.js'
import { enter } from '../gate.js'
import type { Emission } from '../runs/handler.js'
import { askOps } from './questions.js'
import { answerRefusal, askRefusal, isOver, toRefusal } from './refusals.js'
import type { DecisionSteps } from './steps.js'

/** What can be said to a call: the name of the option, too. */
export type Decide = 'approve' | 'reject'

const eventTypes = { approve: 'tool.approved', reject: 'tool.rejected' } as const

const question: Question = {
  options: [
    { id: 'approve', label: 'Approve' },
    { id: 'reject', label: 'Reject' },
  ],
  form: { type: 'object', properties: { reason: { type: 'string' } } },
}

/** True for a call that somebody has to agree to. */
export function needsApproval({ type, metadata }: Emission): boolean {
  return type === 'tool.call' && metadata.approval === 'required'
}

/** Asks whether a call may be made. Throws `threads.invalid_request` for an id that can't be named, or that this run has used. */
export async function approvalSteps(
  deps: ThreadsDeps,
  run: RunRow,
  eventId: string,
  { tool, deadlineSeconds }: Emission,
): Promise<DecisionSteps> {
  const { threadId } = run
  const subjectId = tool?.id
  if (!isCallId(subjectId))
    throw threadsErrors.invalidRequest({
      message: 'The id of a tool call that needs approval has 1 to 255 characters.',
    })
  const before = await deps.store.findToolQuestion(threadId, subjectId)
  if (before?.runId === run.id)
    throw threadsErrors.invalidRequest({
      message: `This run has used the tool call id ${subjectId} already.`,
    })
  const ops = askOps(deps, {
    threadId,
    eventId,
    kind: 'tool',
    subjectId,
    runId: run.id,
    author: run.assistant,
    question,
    ...(deadlineSeconds !== undefined && { deadlineSeconds }),
  })
  return { ops, refusal: () => askRefusal(deps, threadId) }
}

/**
 * Approves or rejects a call. Throws `threads.tool_call_not_found` for one that nobody has to agree to,
 * `threads.asker_may_not_answer`, and `threads.conflict` when it is decided already.
 */
export async function decideToolCall(
  deps: ThreadsDeps,
  caller: Caller,
  threadId: string,
  { callId, decide }: { callId: string; decide: Decide },
  readBody: () => Verdict | Promise<Verdict>,
): Promise<ThreadEvent> {
  const asked = isCallId(callId) ? await deps.store.findToolQuestion(threadId, callId) : undefined
  const run = asked?.runId ? await deps.store.findRun(asked.runId) : undefined
  await enter(deps, caller, threadId, `tool.${decide}`, run ? { targetId: run.assistant.id } : {})
  if (!asked || !run) throw threadsErrors.toolCallNotFound()
  const { reason } = await readBody()
  deps.rates.count(caller)
  return store(deps, caller, { asked, decide, reason })
}

type Decided = { asked: QuestionRow; decide: Decide; reason: string | null }

async function store(deps: ThreadsDeps, caller: Caller, decided: Decided): Promise<ThreadEvent> {
  const { threadId, eventId, subjectId, runId } = decided.asked
  const extra = { target_id: eventId, tool: { id: subjectId }, reason: decided.reason }
  const draft = toDraft(eventTypes[decided.decide], { author: caller.identity }, extra)
  const result = await deps.commit({
    ops: [
      deps.store.memberGuard(threadId, caller.identity.id),
      // Whatever else happens, nobody agrees to what will never be done.
      deps.store.runGuard(runId ?? ''),
      ...(await answerOps(deps, caller, decided)),
    ],
    appends: [{ stream: streamOf(threadId), drafts: [draft] }],
  })
  const event = result.outcome === 'committed' && result.appended[0]?.events[0]
  if (event) return toWireEvent(event)
  throw (await answerRefusal(deps, decided.asked)) ?? threadsErrors.notAMember()
}

async function answerOps(deps: ThreadsDeps, caller: Caller, { asked, decide, reason }: Decided) {
  const decision = await deps.decisions.find(asked.decisionId)
  if (!decision) throw threadsErrors.toolCallNotFound()
  const answer = { option: decide, ...(reason !== null && { values: { reason } }) }
  try {
    return deps.decisions.answerOps(decision, { answer, by: toActor(caller.identity) })
  } catch (error) {
    throw (isOver(error) ? await answerRefusal(deps, asked) : undefined) ?? toRefusal(error, 'reason')
  }
}

/** True for an id that people can name, and that every database keeps. */
function isCallId(id: unknown): id is string {
  if (typeof id !== 'string' || id === '' || id.length > lengths.id) return false
  return !/[\0\p{Surrogate}]/u.test(id)
}
