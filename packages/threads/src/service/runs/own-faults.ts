import { isFault } from '@parley/kernel/errors'
import { threadsErrors } from '../../errors.js'
import type { ThreadsDeps } from '../deps.js'

/**
 * Does something of the plane's for a handler. WHY: what a run fails with is told to its room. That is the handler's own
 * words, or a refusal; the text of a database's error names hosts and users, and is for the operator.
 */
export async function withoutFaults<T>(
  { onFault }: Pick<ThreadsDeps, 'onFault'>,
  work: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    // What ends with its run rejects with the reason.
    if (!isFault(error) || signal?.aborted) throw error
    onFault(error, 'threads.run')
    throw threadsErrors.internal()
  }
}
