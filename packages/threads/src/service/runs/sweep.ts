import type { RunRow } from '../../store/port.js'
import type { ThreadsDeps } from '../deps.js'
import { leaseMs } from './lease.js'
import { end } from './transitions.js'

/** Runs looked after in one go. */
const batchSize = 100

/** How long a run may wait for a node that takes it. */
const waitingMs = 3 * leaseMs

/**
 * Looks after the runs that no node answers for, now and every few seconds: takes those that have not begun, ends those of
 * nodes that died. Answers how to stop; it waits for what is under way.
 */
export function startOrphanSweep(deps: ThreadsDeps): () => Promise<void> {
  const stopping = new AbortController()
  const done = (async () => {
    while (!stopping.signal.aborted) {
      await tendOrphans(deps).catch((error) => deps.onFault(error, 'threads.sweep'))
      await deps.ground.clock.sleep(leaseMs / 2, stopping.signal).catch(() => undefined)
    }
  })()
  return () => {
    stopping.abort()
    return done
  }
}

async function tendOrphans(deps: ThreadsDeps): Promise<void> {
  const now = deps.ground.clock.micros()
  for (const run of await deps.store.orphans(now, batchSize)) {
    if (run.status === 'running') await fail(deps, run, 'the process that ran it is gone')
    else if (run.startedAt + waitingMs * 1_000 < now) await fail(deps, run, 'no process began it in time')
    // Several nodes may take it: one of them begins it.
    else if (deps.runner.canRun(run.assistant.id)) deps.runner.start(run)
  }
}

/** Its assistant is free again, and the thread says so; unless its node has renewed the lease meanwhile. */
async function fail(deps: ThreadsDeps, run: RunRow, message: string): Promise<void> {
  const { leaseExpiresAt } = run
  await end(deps, run, { status: 'failed', error: { code: 'orphaned', message } }, { leaseExpiresAt })
}
