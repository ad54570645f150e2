// Auto-approve, of the plane and of one session (section 2.2). Kept across restarts.

import type { Principal } from '@parley/kernel/principal'
import type { SessionSettings, SessionsSettings } from '../protocol/index.js'
import type { SessionRow } from '../store/port.js'
import { isSuccess } from './answers.js'
import type { CoreDeps, SettingsHooks } from './core.js'
import { assertScope, readSession } from './gate.js'

export async function readSettings({ store }: CoreDeps, by: Principal): Promise<SessionsSettings> {
  assertScope(by, 'sessions:use')
  return { autoApprovePermissions: (await store.settings.read()).autoApprove }
}

/** Changes what the patch names; permissions that wait are decided by it, too. */
export async function updateSettings(
  deps: CoreDeps & SettingsHooks,
  by: Principal,
  { autoApprovePermissions }: Partial<SessionsSettings>,
): Promise<SessionsSettings> {
  assertScope(by, 'sessions:machine')
  const { ground, store } = deps
  if (autoApprovePermissions !== undefined) {
    const write = store.settings.write({ autoApprove: autoApprovePermissions })
    await ground.log.commit({ ops: [write], appends: [] })
    await deps.autoApproveChanged(await store.sessions.listActive(), by)
  }
  return readSettings(deps, by)
}

export async function sessionSettings(deps: CoreDeps, by: Principal, id: string): Promise<SessionSettings> {
  return { autoApprovePermissions: (await readSession(deps, by, id)).autoApprove }
}

export async function updateSessionSettings(
  deps: CoreDeps & SettingsHooks,
  by: Principal,
  id: string,
  { autoApprovePermissions }: Partial<SessionSettings>,
): Promise<SessionSettings> {
  const row = await readSession(deps, by, id)
  if (autoApprovePermissions === undefined) return { autoApprovePermissions: row.autoApprove }
  const change = deps.store.sessions.change(id, { autoApprove: autoApprovePermissions })
  await deps.ground.log.commit({ ops: [change], appends: [] })
  const changed: SessionRow = { ...row, autoApprove: autoApprovePermissions }
  if (row.status === 'active') await deps.autoApproveChanged([changed], by)
  return { autoApprovePermissions }
}

/**
 * Tells hosts what holds now, so that they answer by themselves while they have no link. One that can't be told is asked to
 * show every request, and the server decides.
 */
export async function tellHosts(
  { router, store, onFault }: Pick<CoreDeps, 'router' | 'store' | 'onFault'>,
  sessions: readonly SessionRow[],
): Promise<void> {
  const { autoApprove } = await store.settings.read()
  const tell = async (row: SessionRow) => {
    const body: SessionSettings = { autoApprovePermissions: autoApprove || row.autoApprove }
    const answer = await router.session(row, { method: 'PATCH', path: '/settings', body })
    // Hosts of others know no settings.
    if (!isSuccess(answer) && row.hostId !== null && answer.status !== 503 && answer.status !== 404)
      onFault(new Error(`The host answered ${answer.status} to settings of a session.`), 'sessions.settings')
  }
  await Promise.all(sessions.filter(({ hostId }) => hostId !== null).map(tell))
}
