import type { Clock, Stop } from '@parley/kernel/ids'
import { limits, type OutboundResult } from '../../protocol/index.js'

/** Actions that were written and have no result yet (contract 2.8, 2.9). */
export interface PendingResults {
  /** Waits for a result; without one for 30 s it is ambiguous. */
  wait(requestId: string): Promise<OutboundResult>
  /** Unknown ids, and second results, are ignored. */
  settle(requestId: string, result: OutboundResult): void
  settleAll(result: OutboundResult): void
  /** Resolves when none is left. */
  none(): Promise<void>
  readonly size: number
}

export function createPendingResults(clock: Clock): PendingResults {
  const waiting = new Map<string, { resolve(result: OutboundResult): void; stop: Stop }>()
  let whenNone: (() => void)[] = []

  const settle = (requestId: string, result: OutboundResult) => {
    const one = waiting.get(requestId)
    if (!one) return
    waiting.delete(requestId)
    one.stop()
    one.resolve(result)
    if (waiting.size > 0) return
    for (const tell of whenNone) tell()
    whenNone = []
  }
  const timedOut: OutboundResult = { success: false, error: 'relay outbound timed out', ambiguous: true }

  return {
    wait: (requestId) =>
      new Promise((resolve) => {
        const stop = clock.after(limits.resultMs, () => settle(requestId, timedOut))
        waiting.set(requestId, { resolve, stop })
      }),
    settle,
    settleAll: (result) => {
      for (const requestId of Array.from(waiting.keys())) settle(requestId, result)
    },
    none: () => (waiting.size === 0 ? Promise.resolve() : new Promise((resolve) => whenNone.push(resolve))),
    get size() {
      return waiting.size
    },
  }
}
