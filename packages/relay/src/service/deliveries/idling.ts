// `going_idle` (contract 7.2): whoever delivers to the instance stops, on whichever node, and only then it is acknowledged.

import { relayErrors } from '../../errors.js'
import type { InstanceKey } from '../../store/port.js'
import type { GatewayLink, RelayDeps, Waker } from '../deps.js'
import { toKey } from './names.js'
import type { Nodes } from './nodes.js'
import type { Seats } from './seats.js'
import { giveBack } from './takeover.js'

export type IdlingParts = { deps: RelayDeps; seats: Seats; nodes: Nodes; waker?: Pick<Waker, 'wake'> }

/** A gateway waits 10 s. What is not done by then is undone: it stays awake, and would wait for events in vain. */
const withinMs = 8_000
const nodeWithinMs = 3_000

/** Throws `relay.unavailable` when it could not be done in time; then events go on coming to this socket. */
export async function goIdle(parts: IdlingParts, link: GatewayLink): Promise<void> {
  const { seats, deps } = parts
  const key = toKey(link.gateway)
  const seat = seats.of(key)
  const former = seat.holder
  const giveUp = new AbortController()
  try {
    await inTime(deps, giveUp, async () => {
      await idleHere(parts, key)
      if (!giveUp.signal.aborted) await idleElsewhere(parts, key, giveUp.signal)
    })
  } catch (error) {
    if (former?.isOpen && !seat.holder) void seat.hold(former)
    throw error
  } finally {
    seats.prune(key)
  }
}

/** Another node asks. False when this one does not deliver under that epoch. */
export async function idleIfAsked(
  parts: IdlingParts,
  { key, epoch }: { key: InstanceKey; epoch: number },
): Promise<boolean> {
  if (parts.seats.find(key)?.epoch !== epoch) return false
  await idleHere(parts, key)
  parts.seats.prune(key)
  return true
}

async function idleHere({ deps, seats, waker }: IdlingParts, key: InstanceKey): Promise<void> {
  const seat = seats.of(key)
  const { position } = seat
  await seat.idle()
  if (position === undefined || !waker || seat.holder) return
  // Nobody was poked for events that came while it was awake.
  const missed = await deps.store.entries.list(key, { after: position, limit: 1 }).catch(() => [])
  if (missed.length > 0) waker.wake([key])
}

async function idleElsewhere(
  { deps, nodes }: IdlingParts,
  key: InstanceKey,
  giveUp: AbortSignal,
): Promise<void> {
  const { ground, store } = deps
  // Again while others inherit it from each other. Who has it here came later than the question.
  while (!giveUp.aborted) {
    const row = await store.instances.find(key)
    if (!row || row.state === 'idle' || row.node === ground.node) return
    const { node, epoch } = row
    const isAlive = node !== null && (row.liveUntil ?? 0) > ground.clock.micros()
    const isIdle =
      isAlive && (await nodes.ask(node, { ask: 'idle', key, epoch }, nodeWithinMs).catch(() => false))
    if (isIdle || giveUp.aborted) return
    // It is gone, or does not answer: with another epoch it sends nothing more.
    if (await giveBack(deps, key, 'idle', row)) nodes.tell({ news: 'taken', key, epoch: epoch + 1 })
  }
}

async function inTime(
  { ground }: RelayDeps,
  giveUp: AbortController,
  work: () => Promise<void>,
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const stop = ground.clock.after(withinMs, () => {
      giveUp.abort()
      reject(relayErrors.unavailable())
    })
    work().then(resolve, reject).finally(stop)
  })
}
