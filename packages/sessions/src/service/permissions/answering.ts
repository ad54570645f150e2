// Gives an answer to a request: once, whoever is faster.
import type { PermissionResponseBody } from '../../protocol/index.js'
import type { PermissionRow, SessionRow } from '../../store/port.js'
import { permissionsStreamOf } from '../intake/streams.js'
import type { Incoming } from '../port.js'
import { toPermissionCall } from './calls.js'
import type { PermissionsParts } from './parts.js'
import { type Outcome, settleSteps, withoutGuards } from './steps.js'

type Answer = Extract<Outcome, { kind: 'answered' }>

/** True when this answer settled the request; it is on its way to the host then. `event` is stored with it. */
export async function answer(
  parts: PermissionsParts,
  session: SessionRow,
  row: PermissionRow,
  outcome: Answer,
  event?: Omit<Incoming, 'sessionId'>,
): Promise<boolean> {
  const { store, decisions, intake, ground } = parts
  const decision = await decisions.find(row.decisionId)
  if (decision?.state !== 'open') return false
  const { ops, drafts } = settleSteps(parts, row, decision, outcome)
  const { body } = outcome
  const call =
    session.hostId === null ? undefined : toPermissionCall(session.hostId, row, body, ground.clock.micros())
  const isOurs = await intake.take(event ? [{ sessionId: session.id, ...event }] : [], {
    guards: [...ops, ...(call ? withoutGuards([store.calls.insert(call)]) : [])],
    appends: [{ stream: permissionsStreamOf(session.id), drafts }],
  })
  if (!isOurs) return false
  if (call) parts.deliver(call.hostId)
  else parts.tellHost({ session, request: row, body })
  return true
}

/** The body when it is one: an option, or a cancel. */
export function toResponseBody(body: unknown): PermissionResponseBody | undefined {
  // The cast: each member is looked at.
  const { optionId, outcome } = (body ?? {}) as Record<string, unknown>
  if (typeof optionId === 'string' && optionId !== '') return { optionId }
  return outcome === 'cancelled' ? { outcome } : undefined
}
