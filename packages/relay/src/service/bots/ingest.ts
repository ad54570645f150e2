// Takes a bot's messages in, on one node at a time: whoever holds the bot's lease.

import { isParleyError } from '@parley/kernel/errors'
import type { Lease } from '@parley/kernel/leases'
import type { BotHealth, PlatformSink } from '../../platforms/port.js'
import type { BotIdentity } from '../../protocol/index.js'
import type { RelayDeps } from '../deps.js'
import { ingestLease } from './keys.js'
import { healthAfter } from './open-row.js'

const [firstPauseMs, longestPauseMs] = [1_000, 60_000]

export type IngestParts = {
  deps: RelayDeps
  identity: BotIdentity
  /** Starts the bot that is open now. */
  start(sink: PlatformSink): Promise<void>
  /** Stops it for good; harmless when it has stopped. */
  stop(): Promise<void>
  /** Opens it anew, after it was stopped. */
  renew(): void
  sink(): PlatformSink
  /** True while this node has the lease. */
  holding(isHolding: boolean): void
  report(health: BotHealth): void
}

/** Runs until the signal aborts. Resolves when the bot has stopped and the lease is given back. */
export async function runIngest(parts: IngestParts, signal: AbortSignal): Promise<void> {
  const { ground, onFault } = parts.deps
  let pauseMs = firstPauseMs
  while (!signal.aborted) {
    try {
      const hasRun = await holdOnce(parts, signal)
      pauseMs = hasRun ? firstPauseMs : Math.min(pauseMs * 2, longestPauseMs)
      if (hasRun) continue
    } catch (error) {
      if (signal.aborted || isParleyError(error, 'kernel.closed')) return
      onFault(error, 'relay.bots')
    }
    await ground.clock.sleep(pauseMs, signal).catch(() => {})
  }
}

/** Holds the lease once. False when the bot could not be started: then another node may try. */
async function holdOnce(parts: IngestParts, signal: AbortSignal): Promise<boolean> {
  const lease = await parts.deps.ground.leases.acquire(ingestLease(parts.identity), { signal })
  parts.holding(true)
  try {
    return await takeIn(parts, lease, signal)
  } finally {
    parts.holding(false)
    // A fault of the database: the lease runs out by itself.
    await lease.release().catch((error) => parts.deps.onFault(error, 'relay.bots'))
  }
}

async function takeIn(parts: IngestParts, lease: Lease, signal: AbortSignal): Promise<boolean> {
  const over = AbortSignal.any([lease.lost, signal])
  const ended = aborted(over)
  try {
    await Promise.race([parts.start(parts.sink()), ended])
  } catch (error) {
    if (!over.aborted) {
      if (!isParleyError(error)) parts.deps.onFault(error, 'relay.bots')
      parts.report(healthAfter(error, { state: 'failing', detail: 'it could not be started' }))
      return false
    }
  }
  await ended
  // Before the lease goes: two nodes never take in at the same time.
  await parts.stop()
  if (!signal.aborted) parts.renew()
  return true
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
