// A run's way from state to state: each step is one unit of row and event, and the loser of a race does nothing
// (contract 5.1).

import type { Op } from '@parley/kernel/db'
import type { Draft } from '@parley/kernel/log'
import type { ThreadEvent } from '../../protocol/index.js'
import type { RunRow, RunState } from '../../store/port.js'
import { tellChanged } from '../changes.js'
import { emissionSteps } from '../decisions/emissions.js'
import { withdrawAskedBy, withdrawLeftovers } from '../decisions/withdraw.js'
import type { ThreadsDeps } from '../deps.js'
import { streamOf, toDraft, toWireEvent } from '../events.js'
import { recipientsOf } from '../recipients.js'
import { commitCalling } from './calls.js'
import { followUpOf } from './follow-up.js'
import type { Emission } from './handler.js'
import { leaseEnd } from './lease.js'
import { startRuns } from './new-run.js'

const active: readonly RunState[] = ['pending', 'running']

/** Tries of an end that others come before. */
const maxTries = 10

/** Moves a pending run to `running`. False when it was cancelled meanwhile. */
export async function begin(deps: ThreadsDeps, run: RunRow): Promise<boolean> {
  const change = { runningAt: deps.ground.clock.micros(), leaseExpiresAt: leaseEnd(deps) }
  return move(deps, run, {
    ops: [deps.store.moveRun(run.id, ['pending'], 'running', change)],
    draft: toDraft('run.started', { author: run.assistant, run_id: run.id }),
  })
}

/** How a run ends. */
export type RunEnd =
  | { status: 'completed' }
  | { status: 'cancelled' }
  | { status: 'failed'; error: { code: 'timeout' | 'handler_error' | 'orphaned'; message: string } }

export type EndOptions = {
  /** Nothing follows it: its thread goes away. Default false. */
  isLast?: boolean
  /** Only while its lease is this one. */
  leaseExpiresAt?: number
}

/**
 * Ends an active run; the one that was asked for meanwhile begins to exist in the same unit. False when it had ended
 * already, or its lease is another one.
 */
export async function end(
  deps: ThreadsDeps,
  run: RunRow,
  how: RunEnd,
  options: EndOptions = {},
): Promise<boolean> {
  const { leaseExpiresAt } = options
  for (let attempt = 0, row: RunRow | undefined = run; attempt < maxTries; attempt++) {
    if (!row || !active.includes(row.status)) return false
    if (leaseExpiresAt !== undefined && row.leaseExpiresAt !== leaseExpiresAt) return false
    if (await tryEnd(deps, row, how, options)) return true
    // It is over, or somebody asked for one more meanwhile.
    row = await deps.store.findRun(run.id)
  }
  return false
}

async function tryEnd(
  deps: ThreadsDeps,
  run: RunRow,
  how: RunEnd,
  { isLast = false, leaseExpiresAt }: EndOptions,
): Promise<boolean> {
  const next = isLast ? undefined : await followUpOf(deps, run)
  const error = how.status === 'failed' ? how.error : null
  const change = { completedAt: deps.ground.clock.micros(), error }
  const from = how.status === 'completed' ? (['running'] as const) : active
  const expected = {
    ...(!isLast && { isQueued: run.queuedBy !== null }),
    ...(leaseExpiresAt !== undefined && { leaseExpiresAt }),
  }
  const isOver = await move(deps, run, {
    ops: [
      ...(next ? [next.guard] : []),
      deps.store.moveRun(run.id, from, how.status, change, expected),
      ...(next ? [deps.store.insertRun(next.run)] : []),
      ...(await withdrawAskedBy(deps, run, how.status)),
    ],
    draft: toDraft(`run.${how.status}`, { author: run.assistant, run_id: run.id }, error ? { error } : {}),
  })
  if (isOver && next) startRuns(deps, [next.run])
  // Ended from outside, it may have asked something just before. The end stands, whatever becomes of that.
  if (isOver && how.status !== 'completed')
    await withdrawLeftovers(deps, run, how.status).catch((error) => deps.onFault(error, 'threads.run'))
  return isOver
}

/**
 * Stores what a handler emitted, and answers the event. Undefined when the run is over: then nothing is stored. `id` is
 * the event's, when that was promised. Throws for a question that can't be asked, and an answer that comes too late.
 */
export async function emit(
  deps: ThreadsDeps,
  run: RunRow,
  emission: Emission,
  id?: string,
): Promise<ThreadEvent | undefined> {
  const { type, content, tool, metadata } = emission
  const { threadId, assistant: author } = run
  const recipients = await recipientsOf(deps, threadId, author.id, emission.recipients)
  const extra = tool ? { tool } : { content }
  const eventId = id ?? deps.ground.ids.next('evt')
  const steps = await emissionSteps(deps, run, emission, eventId)
  const draft = toDraft(type, { author, run_id: run.id, metadata, recipients }, extra)
  const calls = { threadId, recipients, author, depth: run.depth + 1 }
  const result = await commitCalling(deps, calls, {
    ops: steps.ops.length > 0 ? steps.ops : [deps.store.runGuard(run.id)],
    appends: [{ stream: streamOf(threadId), drafts: [{ ...draft, id: eventId }] }],
  })
  if (result.outcome === 'committed') return toWireEvent(result.appended[0]!.events[0]!)
  const refusal = await steps.refusal()
  if (refusal) throw refusal
  return undefined
}

type Step = { ops: Op[]; draft: Draft }

async function move(deps: ThreadsDeps, run: RunRow, { ops, draft }: Step): Promise<boolean> {
  const { outcome } = await deps.commit({
    ops,
    appends: [{ stream: streamOf(run.threadId), drafts: [draft] }],
  })
  if (outcome !== 'committed') return false
  tellChanged(deps, run.threadId, { changed: 'run', run_id: run.id })
  return true
}
