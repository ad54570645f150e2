import type { Identity } from '../../protocol/index.js'
import type { MemberRow, RunRow } from '../../store/port.js'
import { tellChanged } from '../changes.js'
import type { ThreadsDeps } from '../deps.js'
import { leaseEnd } from './lease.js'

/** What is known of a run before there is one. */
export type WantedRun = {
  threadId: string
  assistant: MemberRow['identity']
  triggeredBy: Identity
  /** 0 when a person asked for it, one more for each assistant in between. */
  depth: number
  key?: string | undefined
}

/** A pending run, about to be inserted. One that this node can't execute is free for the others to take at once. */
export function newRun(
  deps: ThreadsDeps,
  { threadId, assistant, triggeredBy, depth, key }: WantedRun,
): RunRow {
  const now = deps.ground.clock.micros()
  return {
    id: deps.ground.ids.next('run'),
    threadId,
    assistant,
    triggeredBy,
    status: 'pending',
    startedAt: now,
    runningAt: null,
    completedAt: null,
    error: null,
    idempotencyKey: key ?? null,
    metadata: {},
    depth,
    queuedBy: null,
    leaseExpiresAt: deps.runner.canRun(assistant.id) ? leaseEnd(deps) : now,
  }
}

/** Tells the followers of new runs, and executes those whose handler is here. Call it after the commit. */
export function startRuns(deps: ThreadsDeps, runs: readonly RunRow[]): void {
  for (const run of runs) {
    tellChanged(deps, run.threadId, { changed: 'run', run_id: run.id })
    if (deps.runner.canRun(run.assistant.id)) deps.runner.start(run)
  }
}
