import type { DecisionDraft } from '@parley/kernel/decisions'
import { type Identity, tenantKey } from '@parley/kernel/principal'
import { isJsonObject } from '@parley/kernel/wire'
import type { PendingPermission, PendingPermissionOption } from '../../protocol/index.js'
import type { SessionRow } from '../../store/port.js'
import { permissionsStreamOf } from '../intake/streams.js'

/** Kind of the decisions of this plane. */
const permissionKind = 'permission'

/** The option that stands for "cancelled", beside those of the agent: so the record says who cancelled. */
export const cancelledOption = 'parley:cancelled'

/** Most options of one request; the decision has one more. */
const maxOptions = 31
const maxIdLength = 500

/** A host's request, when it is one that somebody can answer. */
export function toPermission(data: Readonly<Record<string, unknown>>): PendingPermission | undefined {
  const { requestId, toolCallId, title, kind, options } = data
  if (!isId(requestId) || typeof toolCallId !== 'string' || typeof title !== 'string') return undefined
  if (kind !== undefined && kind !== null && typeof kind !== 'string') return undefined
  if (!Array.isArray(options) || options.length === 0 || options.length > maxOptions) return undefined
  if (!options.every(isOption) || new Set(options.map(({ optionId }) => optionId)).size < options.length)
    return undefined
  const kept = options.map(({ optionId, name, kind }) => ({ optionId, name, kind }))
  return { requestId, toolCallId, title, ...(typeof kind === 'string' && { kind }), options: kept }
}

function isOption(value: unknown): value is PendingPermissionOption {
  if (!isJsonObject(value)) return false
  const { optionId, name, kind } = value
  return (
    isId(optionId) && optionId !== cancelledOption && typeof name === 'string' && typeof kind === 'string'
  )
}

/** Ids are columns: a database refuses a NUL in them. */
const isId = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && value.length <= maxIdLength && !value.includes('\0')

/** Who asks: the agent of the session. */
export const askerOf = ({ id, agentName }: SessionRow): Identity => ({ kind: 'agent', id, name: agentName })

/** The decision behind a request. */
export function toDecisionDraft(session: SessionRow, request: PendingPermission): DecisionDraft {
  const { requestId, toolCallId, title, kind, options } = request
  return {
    stream: permissionsStreamOf(session.id),
    kind: permissionKind,
    question: {
      requestId,
      toolCallId,
      title,
      toolKind: kind,
      options: [
        ...options.map(({ optionId, name, kind }) => ({ id: optionId, label: name, kind })),
        { id: cancelledOption, label: 'Cancelled', kind: 'cancelled' },
      ],
    },
    asker: askerOf(session),
    tenantKey: tenantKey(session.tenant),
  }
}

/** The first option whose kind begins so. */
export const optionOfKind = ({ options }: Pick<PendingPermission, 'options'>, kind: 'allow' | 'reject') =>
  options.find((option) => option.kind.startsWith(kind))?.optionId
