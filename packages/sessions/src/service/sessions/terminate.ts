// Ending sessions (sections 1.3 and 2.6).

import { type Identity, type Principal, toIdentity } from '@parley/kernel/principal'
import { namedSessionNotFound, sessionsErrors } from '../../errors.js'
import { type HostRequest, sessionEvents } from '../../protocol/index.js'
import { isAttached } from '../../runtimes/port.js'
import type { SessionRow } from '../../store/port.js'
import { isSuccess } from '../answers.js'
import type { CoreDeps } from '../core.js'
import { findSession } from '../gate.js'
import { streamOf } from '../streams.js'
import { recordEnd } from './record-end.js'

/** How long the host's own account of the end is waited for. */
const ownAccountMs = 2_000

/** Throws `sessions.session_not_found` and `sessions.already_killed`. A host that is away learns of it later. */
export async function terminateSession(deps: CoreDeps, by: Principal, id: string): Promise<void> {
  const row = await findSession(deps, by, id)
  if (!row) throw namedSessionNotFound(id)
  if (row.status === 'killed') throw sessionsErrors.alreadyKilled()
  await endSession(deps, row, toIdentity(by))
}

/** Ends the agent and then the session on record, also when the host can't be reached. */
export async function endSession(deps: CoreDeps, row: SessionRow, actor: Identity): Promise<void> {
  const told = toldEnd(deps, row)
  try {
    const isTold = await terminateOnHost(deps, row)
    // Events of the agent come before the end that way, and it says how the agent ended.
    if (isTold && tellsItsEnd(deps, row)) await told.promise
    const now = await deps.store.sessions.find(row.id)
    if (now?.status !== 'active') return
    const later =
      !isTold && row.hostId !== null ? [deps.store.calls.insert(toCall(deps, row, row.hostId))] : []
    await recordEnd(deps, row, { reason: 'terminated', actor }, later)
  } finally {
    told.stop()
  }
}

/** Runtimes of ours bring in what their hosts tell. */
function tellsItsEnd({ runtimes }: CoreDeps, { hostId, runtimeType }: SessionRow): boolean {
  const runtime = Object.hasOwn(runtimes, runtimeType) ? runtimes[runtimeType] : undefined
  return hostId !== null || (runtime !== undefined && isAttached(runtime))
}

/** True when the host says that the agent is gone. */
export async function terminateOnHost(
  { router, ground }: Pick<CoreDeps, 'router' | 'ground'>,
  row: SessionRow,
): Promise<boolean> {
  const key = ground.ids.next('terminate')
  const answer = await router.session(row, { method: 'POST', path: '/terminate', body: {}, key })
  return isSuccess(answer)
}

/** What a host gets when it is back, before everything else. */
function toCall({ ground }: CoreDeps, { id }: SessionRow, hostId: string) {
  const request: Pick<HostRequest, 'method' | 'path' | 'body'> = {
    method: 'POST',
    path: `/sessions/${encodeURIComponent(id)}/terminate`,
    body: {},
  }
  // Every column of the row, whatever the request lacks.
  const { method, path, body } = request
  const key = ground.ids.next('terminate')
  return { key, hostId, sessionId: id, rank: 0, method, path, body, createdAt: ground.clock.micros() }
}

/** Resolves when the end of a session has come in, or was not told in time. */
function toldEnd({ ground }: Pick<CoreDeps, 'ground'>, { id }: SessionRow) {
  const { promise, resolve } = withResolvers()
  const stopTimer = ground.clock.after(ownAccountMs, resolve)
  const stopTap = ground.log.tap(streamOf(id), {
    events: (events) => {
      if (events.some(({ type }) => type === sessionEvents.terminated)) resolve()
    },
  })
  const stop = () => {
    stopTimer()
    stopTap()
  }
  return { promise, stop }
}

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {}
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  return { promise, resolve }
}
