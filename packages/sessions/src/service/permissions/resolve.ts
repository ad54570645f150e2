import { type Principal, toIdentity } from '@parley/kernel/principal'
import { sessionsErrors } from '../../errors.js'
import { type PermissionResponseBody, sessionEvents, type WireEvent } from '../../protocol/index.js'
import type { SessionRow } from '../../store/port.js'
import { answer, toResponseBody } from './answering.js'
import type { PermissionsParts } from './parts.js'

/** Somebody answers. Throws `invalidRequest`, and `permissionNotFound` for one that is unknown or settled. */
export async function resolve(
  parts: PermissionsParts,
  by: Principal,
  session: SessionRow,
  answered: { requestId: string; body: unknown; via: 'rest' | 'socket' },
): Promise<void> {
  const { requestId, via } = answered
  const body = toResponseBody(answered.body)
  if (!body) throw sessionsErrors.invalidRequest({ message: 'Missing optionId or outcome field' })
  const row = isText(requestId) ? await parts.store.permissions.find(session.id, requestId) : undefined
  if (row?.state !== 'open') throw notFound(requestId)
  if ('optionId' in body && !row.request.options.some(({ optionId }) => optionId === body.optionId))
    throw sessionsErrors.invalidRequest({ message: `Unknown option "${body.optionId}"` })
  const actor = toIdentity(by)
  const event = via === 'rest' ? { event: toEvent(parts, requestId, body), actor } : undefined
  const outcome = { kind: 'answered', body, by: actor, automatic: false } as const
  if (!(await answer(parts, session, row, outcome, event))) throw notFound(requestId)
}

function toEvent({ ground }: PermissionsParts, requestId: string, body: PermissionResponseBody): WireEvent {
  const type = 'optionId' in body ? sessionEvents.permissionResponded : sessionEvents.permissionCancelled
  return { type, data: { requestId, ...body }, timestamp: new Date(ground.clock.now()).toISOString() }
}

const isText = (id: unknown): id is string => typeof id === 'string' && !id.includes('\0')

const notFound = (requestId: string) =>
  sessionsErrors.permissionNotFound({
    message: `Permission resolve failed (404): Permission request ${requestId} not found or already resolved`,
  })
