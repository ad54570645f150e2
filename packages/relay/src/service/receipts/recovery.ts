import type { Stop } from '@parley/kernel/ids'
import type { Lease } from '@parley/kernel/leases'
import type { ReceiptRow } from '../../store/port.js'
import type { ReceiptsDeps } from './deps.js'

// What a node that stopped has left as queued is nobody's any more. It is never sent by itself: where a call was begun, a person
// decides; where none was, it is known not to have been sent.

const sweepMs = 20_000
/** How long nobody may hear of a node before it is taken for stopped. */
const leaseMs = 30_000
/** A node that has just begun may not have said yet that it is there. */
const youngMs = 30_000
const leaseOf = (node: string): string => `relay-outbound:${node}`

/** Says that this node is there, and settles what stopped ones have left: at once and every 20 s. `isLive`: it is under way here. */
export function startRecovery(deps: ReceiptsDeps, isLive: (id: string) => boolean): () => Promise<void> {
  const { clock, node, leases, db } = deps.ground
  let lease: Lease | undefined
  let isStopped = false
  let stopTimer: Stop = () => undefined
  let sweep = Promise.resolve()

  const present = async (): Promise<void> => {
    // A database of this process alone is shared with no node.
    if (db.exclusive || (lease && !lease.lost.aborted)) return
    lease = await leases.tryAcquire(leaseOf(node), { ttlMs: leaseMs })
  }
  const run = async (): Promise<void> => {
    try {
      await present()
      await recover(deps, isLive)
    } catch (error) {
      deps.onFault(error, 'relay.receipts.recovery')
    }
    if (!isStopped) stopTimer = clock.after(sweepMs, begin)
  }
  const begin = (): void => {
    sweep = run()
  }

  begin()
  return async () => {
    isStopped = true
    stopTimer()
    await sweep
    stopTimer()
    await lease?.release()
  }
}

async function recover(deps: ReceiptsDeps, isLive: (id: string) => boolean): Promise<void> {
  const { db, node } = deps.ground
  const left = (await deps.store.receipts.listQueued(null)).filter(({ id }) => !isLive(id))
  const isOurs = (row: ReceiptRow): boolean => db.exclusive || row.node === node || row.node === null
  await settle(deps, left.filter(isOurs))
  await recoverOthers(
    deps,
    left.filter((row) => !isOurs(row)),
  )
}

async function recoverOthers(deps: ReceiptsDeps, left: readonly ReceiptRow[]): Promise<void> {
  const before = deps.ground.clock.micros() - youngMs * 1_000
  const old = left.filter(({ updatedAt }) => updatedAt < before)
  for (const node of new Set(old.map((row) => row.node!))) {
    await using lease = await deps.ground.leases.tryAcquire(leaseOf(node))
    if (!lease) continue
    await settle(
      deps,
      old.filter((row) => row.node === node),
    )
  }
}

async function settle({ ground, store, onFault }: ReceiptsDeps, rows: readonly ReceiptRow[]): Promise<void> {
  const updatedAt = ground.clock.micros()
  const end = ({ attempts }: ReceiptRow) =>
    attempts > 0
      ? ({ state: 'parked', error: 'the connector stopped in between' } as const)
      : ({ state: 'dead', error: 'not sent: the connector stopped' } as const)
  // One that was settled in between refuses its own unit, and no other.
  const units = rows.map((row) =>
    ground.log.commit({
      ops: [store.receipts.change(row.id, { ...end(row), updatedAt }, ['queued'])],
      appends: [],
    }),
  )
  for (const done of await Promise.allSettled(units))
    if (done.status === 'rejected') onFault(done.reason, 'relay.receipts.recovery')
}
