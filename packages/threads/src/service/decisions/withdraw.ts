// Questions that nobody has to answer any more.
import type { Op } from '@parley/kernel/db'
import type { OpenDecision } from '@parley/kernel/decisions'
import type { RunRow, RunState } from '../../store/port.js'
import type { ThreadsDeps } from '../deps.js'
import { streamOf } from '../events.js'
import { askedIn, decisionKinds } from './questions.js'

/**
 * Withdraws what a run asked and nobody answered: statements for the unit that ends it, after the one that moves it. They
 * refuse nothing. Forms of a run that is completed stay open: its handler did not wait for them, so the next run, or
 * whoever reads the thread, takes the answer.
 */
export function withdrawAskedBy(
  deps: ThreadsDeps,
  { id, threadId }: Pick<RunRow, 'id' | 'threadId'>,
  status: RunState,
): Promise<Op[]> {
  return withdrawOps(deps, threadId, (decision) => {
    const isMeant = decision.kind === decisionKinds.tool || status !== 'completed'
    return isMeant && askedIn(decision).run_id === id
  })
}

/**
 * Withdraws the forms that a message asked: statements for the unit of the event that takes it back, after those that
 * lock threads, members or runs. They refuse nothing.
 */
export async function withdrawFormsOf(
  { decisions, store }: ThreadsDeps,
  threadId: string,
  eventId: string,
): Promise<Op[]> {
  // WHY: not by the open decisions of the thread. There may be hundreds of them, and large ones.
  const questions = await store.findQuestions(threadId, eventId)
  return questions.flatMap(({ decisionId }) => withoutGuards(decisions.withdrawOps(decisionId)))
}

/**
 * Withdraws what a run asked while it was being ended from outside. Call it after the end: nothing more can come. Nobody
 * waits for these but the handler, which its signal tells, so no event says it.
 */
export async function withdrawLeftovers(
  deps: ThreadsDeps,
  run: Pick<RunRow, 'id' | 'threadId'>,
  status: RunState,
): Promise<void> {
  const ops = await withdrawAskedBy(deps, run, status)
  if (ops.length > 0) await deps.commit({ ops, appends: [] })
}

const kinds: ReadonlySet<string> = new Set(Object.values(decisionKinds))

async function withdrawOps(
  { decisions }: ThreadsDeps,
  threadId: string,
  isMeant: (decision: OpenDecision) => boolean,
): Promise<Op[]> {
  const open = await decisions.open(streamOf(threadId))
  const meant = open.filter((decision) => kinds.has(decision.kind) && isMeant(decision))
  return meant.flatMap(({ id }) => withoutGuards(decisions.withdrawOps(id)))
}

/** One that is answered meanwhile stays answered, and the unit holds. */
const withoutGuards = (ops: readonly Op[]): Op[] => ops.map(({ sql, params }) => ({ sql, params }))
