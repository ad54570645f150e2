// Changes of who takes an instance's events. Each is a compare and set of its epoch, so that of two at once one wins.

import { closeCodes } from '../../close-codes.js'
import type { InstanceKey, InstanceRow } from '../../store/port.js'
import type { GatewayLink, RelayDeps } from '../deps.js'
import type { WindowOptions } from './window.js'

/** A live instance whose node has not said so for this long is not (design 1.6). */
export const liveForMs = 30_000

export type Taken = {
  row: InstanceRow
  formerNode: string | null
  acks: WindowOptions['acks']
  /** Something waited already. */
  hasBacklog: boolean
}

/** Undefined when somebody else was faster: look again. A gateway that is not known any more is closed. */
export async function takeOver(
  deps: RelayDeps,
  link: GatewayLink,
  { isHeir = false }: { isHeir?: boolean } = {},
): Promise<Taken | 'held' | undefined> {
  const { ground, store } = deps
  const { gateway } = link
  const [row, end] = await Promise.all([store.instances.find(gateway), endOf(deps, link)])
  if (end) return void link.close(end.code, end.reason)
  if (!row) return void link.close(closeCodes.tryLater, 'no such instance')
  if (isHeir && !isFree(deps, row)) return 'held'
  const before = await whatWaits(deps, row)
  const epoch = row.epoch + 1
  const liveUntil = ground.clock.micros() + liveForMs * 1_000
  const to = { state: 'live', node: ground.node, epoch, liveUntil } as const
  const seen = store.gateways.seen([gateway.gatewayId], ground.clock.micros())
  const { outcome } = await ground.log.commit({
    ops: [store.instances.move(row, row, to), seen],
    appends: [],
  })
  return outcome === 'committed' ? { row: { ...row, ...to }, formerNode: row.node, ...before } : undefined
}

/** An older socket may take its events: it did not ask for quiet, and no other node delivers to it and has said so lately. */
export const isFree = ({ ground }: RelayDeps, { state, node, liveUntil }: InstanceRow): boolean =>
  state === 'vacant' ||
  (state === 'live' && (node === ground.node || (liveUntil ?? 0) <= ground.clock.micros()))

/** Where an instance is of which no socket takes the events. */
export type Away = 'idle' | 'vacant'

/** Says so when this node has it, or `former` is what the store says. False when somebody else was faster. */
export async function giveBack(
  { ground, store }: RelayDeps,
  key: InstanceKey,
  away: Away,
  former?: { epoch: number },
): Promise<boolean> {
  const row = await store.instances.find(key)
  // Who asked for quiet and leaves has not asked for less.
  if (!row || row.state === away || row.state === 'idle') return true
  const isOurs = row.state === 'vacant' || row.node === ground.node
  if (former ? row.epoch !== former.epoch : !isOurs) return true
  const to = { state: away, node: null, epoch: row.epoch + 1, liveUntil: null } as const
  const { outcome } = await ground.log.commit({ ops: [store.instances.move(key, row, to)], appends: [] })
  return outcome === 'committed'
}

/**
 * How a socket is to be closed whose gateway is no longer what it was when it was let in; undefined: not at all. WHY another code for
 * one that belongs to another instance now: it was not revoked, and many gateways never dial again after a 4401.
 */
export async function endOf(
  { store }: Pick<RelayDeps, 'store'>,
  { gateway }: Pick<GatewayLink, 'gateway'>,
): Promise<{ code: number; reason: string } | undefined> {
  const row = await store.gateways.find(gateway.gatewayId)
  if (!row || row.revokedAt !== null || row.tenant !== gateway.tenant)
    return { code: closeCodes.unauthorized, reason: 'unauthorized' }
  return row.instanceId === gateway.instanceId
    ? undefined
    : { code: closeCodes.tryLater, reason: 'moved to another instance' }
}

type Waiting = Pick<Taken, 'acks' | 'hasBacklog'>

/**
 * `acks` is `no` for an instance that never acknowledged anything although entries were settled in its place, or the first one was
 * sent on two sockets: a gateway of the first era, whose backlog must not wait for ever.
 */
async function whatWaits({ store }: RelayDeps, row: InstanceRow): Promise<Waiting> {
  const [[first], { entries }] = await Promise.all([
    store.entries.list(row, { after: 0, limit: 1 }),
    store.entries.depth(row),
  ])
  const hasBacklog = first !== undefined
  if (row.ackedAt !== null) return { acks: 'yes', hasBacklog }
  const hasSettled = entries + row.dropped < row.appended
  const isSilent = hasSettled || (first !== undefined && first.deliveries > 1)
  return { acks: isSilent ? 'no' : 'unknown', hasBacklog }
}
