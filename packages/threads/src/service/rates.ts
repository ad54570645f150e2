import type { Clock } from '@parley/kernel/ids'
import { type SlidingLog, slidingLog } from '@parley/kernel/limits'
import { threadsErrors } from '../errors.js'
import type { Caller } from './caller.js'

/** How much one identity may change in a while; counted on this node. */
export class WriteRates {
  readonly #log: SlidingLog

  constructor(clock: Clock, writesPer10Seconds: number) {
    this.#log = slidingLog({ clock, limit: writesPer10Seconds, windowMs: 10_000 })
  }

  /** Counts a change. Throws `threads.rate_limited` when it is one too many. */
  count({ identity }: Caller): void {
    const verdict = this.#log.take(`${identity.role} ${identity.id}`)
    if (!verdict.ok) throw threadsErrors.rateLimited({ retryAfter: verdict.retryAfter })
  }
}
