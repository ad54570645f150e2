import type { Op } from '@parley/kernel/db'
import type { RunRow } from '../../store/port.js'
import type { ThreadsDeps } from '../deps.js'
import { newRun } from './new-run.js'

/** The run that follows one, and the statement that keeps its assistant in the thread until it is there. */
export type FollowUp = { run: RunRow; guard: Op }

/** The run that was asked for while this one was active; none when nobody did, or the assistant was removed. */
export async function followUpOf(
  deps: ThreadsDeps,
  { threadId, assistant, queuedBy }: RunRow,
): Promise<FollowUp | undefined> {
  const member = queuedBy && (await deps.store.findMember(threadId, assistant.id))
  if (!member) return undefined
  const { identity: triggeredBy, depth } = queuedBy
  const run = newRun(deps, { threadId, assistant: member.identity, triggeredBy, depth })
  return { run, guard: deps.store.memberGuard(threadId, assistant.id) }
}
