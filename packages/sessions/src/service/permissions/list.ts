import type { Decision } from '@parley/kernel/decisions'
import type { Identity } from '@parley/kernel/principal'
import type { PermissionRow } from '../../store/port.js'
import type { PermissionView } from '../port.js'
import type { PermissionsParts } from './parts.js'
import { cancelledOption } from './request.js'

const maxListed = 500

/** Requests of a session that were shown or answered, oldest first; the newest 500. Held back ones are not listed. */
export async function list(
  { store, decisions }: PermissionsParts,
  sessionId: string,
): Promise<PermissionView[]> {
  const rows = (await store.permissions.list(sessionId))
    .filter(({ state }) => state !== 'deciding')
    .slice(-maxListed)
  return await Promise.all(rows.map(async (row) => toView(row, await decisions.find(row.decisionId))))
}

function toView(row: PermissionRow, decision: Decision | undefined): PermissionView {
  const asked = { ...row.request, askedAt: toIso(row.askedAt) }
  if (row.state === 'open') return { ...asked, state: 'open' }
  if (decision?.state !== 'answered') return { ...asked, state: 'cancelled' }
  const { answer, answeredBy, answeredAt, automatic } = decision
  const by = { answeredBy: toPublic(answeredBy), answeredAt: toIso(answeredAt), automatic }
  if (answer.option === cancelledOption) return { ...asked, state: 'cancelled', ...by }
  return { ...asked, state: 'answered', optionId: answer.option, ...by }
}

/** Without the tenant. */
function toPublic({ kind, id, name }: Identity): Identity {
  return { kind, id, ...(name !== undefined && { name }) }
}

const toIso = (micros: number): string => new Date(Math.floor(micros / 1_000)).toISOString()
