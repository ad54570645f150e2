// Reading sessions (section 2.6): from the store and the log; a list asks no host.

import type { FollowItem, StoredEvent } from '@parley/kernel/log'
import type { Principal } from '@parley/kernel/principal'
import { isJsonObject } from '@parley/kernel/wire'
import type { HostRequest, SessionCommand, SessionLog, SessionStatus } from '../../protocol/index.js'
import type { SessionRow } from '../../store/port.js'
import { isSuccess } from '../answers.js'
import type { CoreDeps } from '../core.js'
import { assertScope, canSee, readSession, tenantKeysOf } from '../gate.js'
import type { SessionView } from '../port.js'
import { streamOf } from '../streams.js'
import { toView } from '../views.js'

/** Most sessions of a list, the last changed ones; and most events of one session, the newest, with their characters. */
const [maxListed, maxLogs, maxLogChars] = [10_000, 100_000, 32 * 1024 * 1024]
// Events are up to half a megabyte.
const pageSize = 200
const [defaultHistory, maxHistory] = [500, 10_000]

/** The last changed first. */
export async function listSessions({ store }: CoreDeps, by: Principal): Promise<SessionView[]> {
  assertScope(by, 'sessions:use')
  const listed = await store.sessions.list({ tenantKeys: tenantKeysOf(by), limit: maxListed })
  const rows = listed.filter((row) => canSee(by, row))
  const active = rows.filter(({ status }) => status === 'active').map(({ id }) => id)
  const open = await store.permissions.listOpen(active)
  // Of several the oldest: they come in this order.
  const oldest = new Map(open.reverse().map(({ sessionId, request }) => [sessionId, request]))
  return rows.map((row) => toView(row, { pendingPermission: oldest.get(row.id) ?? null }))
}

/** One session with its events. Throws `sessions.agent_not_found`. */
export async function getSession(
  deps: CoreDeps,
  by: Principal,
  id: string,
  { includeFileSystem = false, showAllFiles = false } = {},
): Promise<SessionView> {
  const row = await readSession(deps, by, id)
  const [pendingPermission, logs, fileSystem] = await Promise.all([
    pendingOf(deps, row),
    readLogs(deps, id),
    includeFileSystem ? readFileSystem(deps, row, showAllFiles) : null,
  ])
  return toView(row, { pendingPermission, logs, fileSystem })
}

export async function getSessionStatus(deps: CoreDeps, by: Principal, id: string): Promise<SessionStatus> {
  const row = await readSession(deps, by, id)
  const isActive = row.status === 'active'
  return { processing: isActive && row.processing, pendingPermission: (await pendingOf(deps, row)) !== null }
}

/** Those of the caller, the last changed first. */
export async function recovered(deps: CoreDeps, by: Principal): Promise<SessionView[]> {
  const found = deps.live.recovered
  return (await listSessions(deps, by)).filter(({ id, status }) => status === 'active' && found.has(id))
}

/** What the agent offered last. */
export async function sessionCommands(deps: CoreDeps, by: Principal, id: string): Promise<SessionCommand[]> {
  return [...(await readSession(deps, by, id)).commands]
}

export async function history(
  deps: CoreDeps,
  by: Principal,
  id: string,
  { after = 0, limit = defaultHistory }: { after?: number; limit?: number } = {},
): Promise<StoredEvent[]> {
  await readSession(deps, by, id)
  const page = { after: Math.max(0, after), limit: Math.min(Math.max(1, limit), maxHistory) }
  return (await deps.ground.log.read(streamOf(id), page)).events
}

export async function follow(
  deps: CoreDeps,
  by: Principal,
  id: string,
  options: { after?: number; signal: AbortSignal },
): Promise<AsyncIterable<FollowItem>> {
  await readSession(deps, by, id)
  return deps.ground.log.follow(streamOf(id), options)
}

async function pendingOf({ store }: CoreDeps, { id, status }: SessionRow) {
  if (status !== 'active') return null
  const [oldest] = await store.permissions.listOpen([id])
  return oldest?.request ?? null
}

/** The newest, as many as one answer may hold. */
async function readLogs({ ground }: CoreDeps, id: string): Promise<SessionLog[]> {
  const logs: SessionLog[] = []
  let chars = 0
  for (let before: number | undefined; ; ) {
    const page = await ground.log.last(streamOf(id), {
      limit: pageSize,
      ...(before !== undefined && { before }),
    })
    for (const { body } of page.toReversed()) {
      chars += body.length
      if (logs.length >= maxLogs || chars > maxLogChars) return logs.reverse()
      // The cast: bodies of this stream are the contract's events, or null where one was erased.
      const event = JSON.parse(body) as SessionLog | null
      if (event) logs.push({ timestamp: event.timestamp, type: event.type, data: event.data })
    }
    before = page[0]?.seq
    if (before === undefined || before <= 1) return logs.reverse()
  }
}

/** Null when the session is over, or its host does not answer well. */
async function readFileSystem(
  { router }: CoreDeps,
  row: SessionRow,
  showAllFiles: boolean,
): Promise<SessionView['fileSystem']> {
  if (row.status !== 'active') return null
  const request: HostRequest = { method: 'GET', path: '/fs/snapshot' }
  const query = { showAllFiles: 'true' }
  const answer = await router.session(row, showAllFiles ? { ...request, query } : request)
  const { body } = answer
  if (!isSuccess(answer) || !isJsonObject(body)) return null
  // The cast: a snapshot by the contract; clients can't read entries that are no list, which old hosts send as null.
  return { ...body, entries: Array.isArray(body.entries) ? body.entries : [] } as SessionView['fileSystem']
}
