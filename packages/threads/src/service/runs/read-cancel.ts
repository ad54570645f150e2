// Reading and cancelling runs (contract 3.3, 5.1).
import { isParleyError } from '@parley/kernel/errors'
import { threadsErrors } from '../../errors.js'
import type { AuthorizeAction, Run } from '../../protocol/index.js'
import type { RunRow } from '../../store/port.js'
import type { Caller } from '../caller.js'
import type { ThreadsDeps } from '../deps.js'
import { enter } from '../gate.js'
import { toRun } from '../objects.js'
import { end } from './transitions.js'

/** Reads a run. */
export async function getRun(deps: ThreadsDeps, caller: Caller, runId: string): Promise<Run> {
  return toRun(await find(deps, caller, runId, 'thread.read'))
}

/** Ends a run as cancelled; one that is over stays as it is. Answers the run and whether this call ended it. */
export async function cancelRun(
  deps: ThreadsDeps,
  caller: Caller,
  runId: string,
): Promise<{ run: Run; cancelled: boolean }> {
  const run = await find(deps, caller, runId, 'run.cancel')
  const cancelled = await end(deps, run, { status: 'cancelled' })
  return { run: toRun((await deps.store.findRun(runId)) ?? run), cancelled }
}

/**
 * Cancels the active runs of a thread that is about to go, or with `assistantId` those of an assistant that left it; none
 * follows them.
 */
export async function cancelActive(deps: ThreadsDeps, threadId: string, assistantId?: string): Promise<void> {
  const runs = await deps.store.listRuns(threadId, { activeOnly: true, limit: 10_000 })
  const meant = runs.filter(({ assistant }) => assistantId === undefined || assistant.id === assistantId)
  for (const run of meant) await end(deps, run, { status: 'cancelled' }, { isLast: true })
}

/** A run through the gate of its thread: unknown and invisible ones look alike. */
async function find(
  deps: ThreadsDeps,
  caller: Caller,
  runId: string,
  action: AuthorizeAction,
): Promise<RunRow> {
  const run = await deps.store.findRun(runId)
  if (!run) throw threadsErrors.runNotFound()
  try {
    await enter(deps, caller, run.threadId, action, { targetId: run.assistant.id })
  } catch (error) {
    if (isParleyError(error, 'threads.thread_not_found')) throw threadsErrors.runNotFound()
    throw error
  }
  return run
}
