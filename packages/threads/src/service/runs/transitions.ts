// A run's way from state to state: each step is one unit of row and event, and the loser of a race does nothing
// (contract 5.1).

import type { RunRow, RunState } from '../../store/port.js'
import { tellChanged } from '../changes.js'
import type { ThreadsDeps } from '../deps.js'
import { streamOf, toDraft } from '../events.js'
import type { Emission } from './handler.js'

/** How long a run outlives its node. */
export const leaseMs = 10_000

const active: readonly RunState[] = ['pending', 'running']

export const leaseEnd = ({ ground }: ThreadsDeps): number => ground.clock.micros() + leaseMs * 1_000

/** Moves a pending run to `running`. False when it was cancelled meanwhile. */
export async function begin(deps: ThreadsDeps, run: RunRow): Promise<boolean> {
  const change = { runningAt: deps.ground.clock.micros(), leaseExpiresAt: leaseEnd(deps) }
  return move(deps, run, {
    op: deps.store.moveRun(run.id, ['pending'], 'running', change),
    draft: toDraft('run.started', { author: run.assistant, run_id: run.id }),
  })
}

/** How a run ends. */
export type RunEnd =
  | { status: 'completed' }
  | { status: 'cancelled' }
  | { status: 'failed'; error: { code: 'timeout' | 'handler_error' | 'orphaned'; message: string } }

/** Ends an active run. False when it had ended already. */
export async function end(deps: ThreadsDeps, run: RunRow, how: RunEnd): Promise<boolean> {
  const error = how.status === 'failed' ? how.error : null
  const change = { completedAt: deps.ground.clock.micros(), error }
  const from = how.status === 'completed' ? (['running'] as const) : active
  return move(deps, run, {
    op: deps.store.moveRun(run.id, from, how.status, change),
    draft: toDraft(`run.${how.status}`, { author: run.assistant, run_id: run.id }, error ? { error } : {}),
  })
}

/** Stores what a handler emitted. False when the run is over: then nothing is stored. */
export async function emit(deps: ThreadsDeps, run: RunRow, emission: Emission): Promise<boolean> {
  const { type, content, tool, metadata } = emission
  const extra = tool ? { tool } : { content }
  const draft = toDraft(type, { author: run.assistant, run_id: run.id, metadata }, extra)
  const { outcome } = await deps.commit({
    ops: [deps.store.runGuard(run.id)],
    appends: [{ stream: streamOf(run.threadId), drafts: [draft] }],
  })
  return outcome === 'committed'
}

type Step = { op: ReturnType<ThreadsDeps['store']['moveRun']>; draft: ReturnType<typeof toDraft> }

async function move(deps: ThreadsDeps, run: RunRow, { op, draft }: Step): Promise<boolean> {
  const { outcome } = await deps.commit({
    ops: [op],
    appends: [{ stream: streamOf(run.threadId), drafts: [draft] }],
  })
  if (outcome !== 'committed') return false
  tellChanged(deps, run.threadId, { changed: 'run', run_id: run.id })
  return true
}
