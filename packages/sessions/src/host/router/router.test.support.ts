import { join } from 'node:path'
import { type Clock, systemClock } from '@parley/kernel/ids'
import { onTestFinished } from 'vitest'
import type { HostRoute } from '../port.js'
import { tempDirectory } from '../spool/spool.test.support.js'
import { createRouter, openResults, type Results, type Router } from './index.js'

type Options = { path?: string; clock?: Clock; limit?: number }

/** Results in a file of the test; closed when it is over. */
export async function openTestResults(options: Options = {}): Promise<Results> {
  const { path = join(tempDirectory(), 'results'), clock = systemClock, limit } = options
  const results = await openResults({
    path,
    clock,
    limit,
    onFailure: (error) => {
      throw error
    },
  })
  onTestFinished(() => results.close())
  return results
}

export async function openTestRouter(
  routes: readonly HostRoute[],
): Promise<{ router: Router; faults: unknown[] }> {
  const faults: unknown[] = []
  const results = await openTestResults()
  const router = createRouter({ routes, results, onFault: (error) => void faults.push(error) })
  return { router, faults }
}
