// Forgets what is over: once a minute, on one node at a time. Doing it twice changes nothing.
import type { Op } from '@parley/kernel/db'
import { limits } from '../protocol/index.js'
import { expireLimit } from '../store/port.js'
import type { RelayDeps } from './deps.js'
import { trimHistories, trimInstances } from './housekeeping-streams.js'

const everyMs = 60_000
const leaseName = 'relay-housekeeping'
/** Rounds of what is done in parts, so that one run ends. */
const mostRounds = 100

const dayMs = 86_400_000
/** How long things are kept after they were last of use, in milliseconds. */
const kept = {
  sessionRoutes: limits.routeMs,
  conversations: 90 * dayMs,
  /** Receipts of what was sent; a parked one waits for a person. */
  sent: 7 * dayMs,
  dead: 30 * dayMs,
  /** Names of gateways that were revoked: not given to somebody else for so long. */
  revoked: 90 * dayMs,
  /** Pieces of files that nobody completed. */
  pieces: limits.mediaMs,
}

/** Begins it. The function that it returns ends it, and resolves when nothing is under way. */
export function startHousekeeping(deps: RelayDeps): () => Promise<void> {
  const { clock } = deps.ground
  const stopping = new AbortController()
  let running: Promise<void> = Promise.resolve()
  const plan = () =>
    clock.after(everyMs, () => {
      running = housekeep(deps, stopping.signal).finally(() => {
        if (!stopping.signal.aborted) stopTimer = plan()
      })
    })
  let stopTimer = plan()
  return async () => {
    stopping.abort()
    stopTimer()
    await running
  }
}

/** Everything that is due. Never rejects: a fault of one task does not keep the others from being done. */
export async function housekeep(deps: RelayDeps, signal: AbortSignal): Promise<void> {
  const onFault = (error: unknown) => deps.onFault(error, 'relay.housekeeping')
  try {
    await using lease = await deps.ground.leases.tryAcquire(leaseName)
    if (!lease) return
    const end = AbortSignal.any([signal, lease.lost])
    for (const task of [dropExpired, purge, trimInstances, trimHistories]) {
      if (end.aborted) return
      await task(deps, end).catch(onFault)
    }
  } catch (error) {
    onFault(error)
  }
}

/** Entries that waited too long. */
async function dropExpired({ ground, store, tally }: RelayDeps, signal: AbortSignal): Promise<void> {
  for (let round = 0; round < mostRounds && !signal.aborted; round++) {
    const at = ground.clock.micros()
    const expired = await store.entries.countExpired(at)
    if (expired === 0) return
    await ground.log.commit({ ops: store.entries.expire(at), appends: [] })
    tally.count('buffer.dropped', expired)
    if (expired < expireLimit) return
  }
}

async function purge({ ground, store }: RelayDeps, signal: AbortSignal): Promise<void> {
  const now = ground.clock.micros()
  const ago = (ms: number) => now - ms * 1_000
  // Units of their own: what one deletes does not keep the others waiting.
  const units: Op[][] = [
    [store.vault.purge(now), store.prompts.purge(now)],
    [store.links.purgeCodes(now), store.gateways.purgeEnrolments(now)],
    store.media.purge(now, ago(kept.pieces)),
    [store.routing.purgeSessionRoutes(ago(kept.sessionRoutes))],
    [store.routing.purgeConversations(ago(kept.conversations))],
    [store.receipts.purge(['sent', 'confirmed'], ago(kept.sent))],
    [store.receipts.purge(['dead'], ago(kept.dead))],
    [store.gateways.purgeRevoked(ago(kept.revoked))],
  ]
  for (const ops of units) {
    if (signal.aborted) return
    await ground.log.commit({ ops, appends: [] })
  }
}
