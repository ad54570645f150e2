import type { ThreadsDeps } from '../deps.js'
import { startQueued } from './invoke.js'
import { end, leaseMs } from './transitions.js'

/** Runs ended in one go. */
const batchSize = 100

/** Ends the runs of nodes that died, now and every few seconds. Answers how to stop; it waits for what is under way. */
export function startOrphanSweep(deps: ThreadsDeps): () => Promise<void> {
  const stopping = new AbortController()
  const done = (async () => {
    while (!stopping.signal.aborted) {
      await endOrphans(deps).catch((error) => deps.onFault(error, 'threads.sweep'))
      await deps.ground.clock.sleep(leaseMs / 2, stopping.signal).catch(() => undefined)
    }
  })()
  return () => {
    stopping.abort()
    return done
  }
}

/** Ends runs whose lease has passed: the assistant is free again, and the thread says so. */
async function endOrphans(deps: ThreadsDeps): Promise<void> {
  const error = { code: 'orphaned', message: 'the process that ran it is gone' } as const
  for (const run of await deps.store.orphans(deps.ground.clock.micros(), batchSize))
    if (await end(deps, run, { status: 'failed', error })) await startQueued(deps, run)
}
