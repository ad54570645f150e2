import type { Clock } from '@parley/kernel/ids'
import { type SlidingLog, slidingLog } from '@parley/kernel/limits'
import { threadsErrors } from '../errors.js'
import type { Caller } from './caller.js'

/** Read marks for each write: reading goes on while somebody writes, and several devices mark what they show. */
const readsPerWrite = 5
/** An identity is told as typing in a thread once in this time. */
const typingMs = 3_000

/** How much one identity may change in a while; counted on this node. */
export class WriteRates {
  readonly #log: SlidingLog
  readonly #reads: SlidingLog
  readonly #typing: SlidingLog

  constructor(clock: Clock, writesPer10Seconds: number) {
    this.#log = slidingLog({ clock, limit: writesPer10Seconds, windowMs: 10_000 })
    this.#reads = slidingLog({ clock, limit: writesPer10Seconds * readsPerWrite, windowMs: 10_000 })
    this.#typing = slidingLog({ clock, limit: 1, windowMs: typingMs })
  }

  /** Counts a change. Throws `threads.rate_limited` when it is one too many. */
  count(caller: Caller): void {
    take(this.#log, caller)
  }

  /** Counts a read mark. They are counted apart, so that writing never keeps somebody from reading. Throws the same. */
  countRead(caller: Caller): void {
    take(this.#reads, caller)
  }

  /** True when the thread was not told lately that the caller types. */
  mayTellTyping(caller: Caller, threadId: string): boolean {
    return this.#typing.take(`${keyOf(caller)} ${threadId}`).ok
  }
}

const keyOf = ({ identity }: Caller): string => `${identity.role} ${identity.id}`

function take(log: SlidingLog, caller: Caller): void {
  const verdict = log.take(keyOf(caller))
  if (!verdict.ok) throw threadsErrors.rateLimited({ retryAfter: verdict.retryAfter })
}
