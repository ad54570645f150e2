import type { Lease } from '@parley/kernel/leases'
import type { EventFrame, SpoolPosition } from '../../protocol/index.js'
import type { HostsDeps } from './parts.js'
import type { Refusals } from './refusals.js'

export type EventSource = {
  hostId: string
  lease: Pick<Lease, 'guard'>
  /** Sessions of this host, as far as they were looked at; grows. */
  own: Set<string>
  refusals: Refusals
}

/**
 * Stores events with the position of the last, in one unit. Answers how many were stored or may be forgotten: fewer than
 * there are when one is of another host's session, for the first time. Undefined when the position was not `from` any more.
 */
export async function storeEvents(
  deps: Pick<HostsDeps, 'store' | 'intake'>,
  { hostId, lease, own, refusals }: EventSource,
  events: readonly EventFrame[],
  from: SpoolPosition,
): Promise<number | undefined> {
  const foreign = await learn(deps, hostId, own, events)
  const first = events.findIndex(
    ({ sessionId }) =>
      sessionId !== undefined && foreign.has(sessionId) && refusals.isFirst(hostId, sessionId),
  )
  const allowed = first < 0 ? events : events.slice(0, first)
  const last = allowed.at(-1)
  if (!last) return 0
  const ours = allowed.flatMap(({ sessionId, event }) =>
    sessionId !== undefined && own.has(sessionId) ? [{ sessionId, event }] : [],
  )
  const guards = [lease.guard(), deps.store.hosts.advance(hostId, from, { epoch: from.epoch, n: last.n })]
  return (await deps.intake.take(ours, { guards, hostId })) ? allowed.length : undefined
}

/** Looks up the sessions that were not seen yet. Answers those of other hosts; unknown ones are nobody's. */
async function learn(
  { store }: Pick<HostsDeps, 'store'>,
  hostId: string,
  own: Set<string>,
  events: readonly EventFrame[],
): Promise<ReadonlySet<string>> {
  const unseen = new Set<string>()
  for (const { sessionId } of events)
    if (sessionId !== undefined && !own.has(sessionId)) unseen.add(sessionId)
  const foreign = new Set<string>()
  if (unseen.size === 0) return foreign
  for (const row of await store.sessions.findMany([...unseen])) {
    if (row.hostId === hostId) own.add(row.id)
    else if (row.hostId !== null) foreign.add(row.id)
  }
  return foreign
}
