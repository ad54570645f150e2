// What a host and the server think of each other's sessions (section 13.6).
import type { Op } from '@parley/kernel/db'
import { type LinkedSession, sessionEvents } from '../../protocol/index.js'
import type { SessionRow } from '../../store/port.js'
import type { Incoming } from '../port.js'
import type { HostsDeps } from './parts.js'

export type Roster = {
  /** Sessions of this host, ended ones included. */
  own: Set<string>
  /** The host has them, and must not. */
  strangers: string[]
  /** The server has them, and the host does not say so. */
  missing: string[]
}

/** Compares what a host says in its hello with what is stored. */
export async function compareSessions(
  { store }: Pick<HostsDeps, 'store'>,
  hostId: string,
  said: readonly LinkedSession[],
): Promise<Roster> {
  const ids = [...new Set(said.map(({ sessionId }) => sessionId))]
  const [found, active] = await Promise.all([
    store.sessions.findMany(ids),
    store.sessions.listActive({ hostId }),
  ])
  const rows = new Map(found.map((row) => [row.id, row]))
  const isOwn = (row: SessionRow | undefined) => row?.hostId === hostId
  return {
    own: new Set(ids.filter((id) => isOwn(rows.get(id)))),
    strangers: ids.filter((id) => !isOwn(rows.get(id)) || rows.get(id)?.status === 'killed'),
    // One that is being started is not on the list yet.
    missing: active
      .filter(({ id, runtimeInfo }) => runtimeInfo !== null && !rows.has(id))
      .map(({ id }) => id),
  }
}

/** Ends sessions for a reason of the server's own; those that have ended meanwhile stay as they are. */
export async function endSessions(
  { intake, ground }: Pick<HostsDeps, 'intake' | 'ground'>,
  ids: readonly string[],
  message: string,
  guards: readonly Op[] = [],
): Promise<void> {
  if (ids.length === 0) return
  const timestamp = new Date(ground.clock.now()).toISOString()
  const data = { exitCode: -1, reason: 'error', message }
  const ends: Incoming[] = ids.map((sessionId) => ({
    sessionId,
    event: { type: sessionEvents.terminated, data, timestamp },
  }))
  await intake.take(ends, { guards })
}

/** Says in the streams of sessions that something was lost. */
export async function tellLoss(
  { intake, ground }: Pick<HostsDeps, 'intake' | 'ground'>,
  ids: readonly string[],
): Promise<void> {
  const timestamp = new Date(ground.clock.now()).toISOString()
  const event = { type: sessionEvents.error, data: { message: 'events lost' }, timestamp }
  if (ids.length > 0) await intake.take(ids.map((sessionId) => ({ sessionId, event })))
}
