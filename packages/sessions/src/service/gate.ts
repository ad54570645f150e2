// Who may do what. Sessions are seen by tenant; what is invisible is not there.

import {
  hasScope,
  isVisible,
  maxTenantEntries,
  type Principal,
  visibleTenantKeys,
} from '@parley/kernel/principal'
import { namedSessionNotFound, sessionsErrors } from '../errors.js'
import type { SessionRow, SessionsStore } from '../store/port.js'
import { isUuid } from './uuid.js'

/** `use`: see and steer sessions, start those of templates. `machine`: everything about the machine they run on. */
export type SessionsScope = 'sessions:use' | 'sessions:machine'

/** Throws `sessions.forbidden`. Whoever may use the machine may use sessions. */
export function assertScope(by: Principal, scope: SessionsScope): void {
  if (hasScope(by, scope)) return
  if (scope === 'sessions:use' && hasScope(by, 'sessions:machine')) return
  throw sessionsErrors.forbidden({ message: `This needs the scope ${scope}` })
}

/** Which rows to ask a store for; with `all`, `canSee` picks among them. */
export function tenantKeysOf(by: Principal): readonly string[] | 'all' {
  return Object.keys(by.tenant).length > maxTenantEntries ? 'all' : visibleTenantKeys(by.tenant)
}

export const canSee = (by: Principal, { tenant }: Pick<SessionRow, 'tenant'>): boolean =>
  isVisible(tenant, by.tenant)

/** The session, ended or not; undefined for one that is absent or invisible. */
export async function findSession(
  { store }: { store: Pick<SessionsStore, 'sessions'> },
  by: Principal,
  id: string,
): Promise<SessionRow | undefined> {
  assertScope(by, 'sessions:use')
  const row = isUuid(id) ? await store.sessions.find(id) : undefined
  return row && canSee(by, row) ? row : undefined
}

/** The session, ended or not. Throws `sessions.agent_not_found`. */
export async function readSession(
  deps: { store: Pick<SessionsStore, 'sessions'> },
  by: Principal,
  id: string,
): Promise<SessionRow> {
  const row = await findSession(deps, by, id)
  if (!row) throw sessionsErrors.agentNotFound()
  return row
}

/** The session while it lives. Throws `sessions.session_not_found`, with the id in its text when `isNamed`. */
export async function liveSession(
  deps: { store: Pick<SessionsStore, 'sessions'> },
  by: Principal,
  id: string,
  { isNamed = false }: { isNamed?: boolean } = {},
): Promise<SessionRow> {
  const row = await findSession(deps, by, id)
  if (row?.status === 'active') return row
  throw isNamed ? namedSessionNotFound(id) : sessionsErrors.sessionNotFound()
}
