// What a permission request and its end write: rows, the decision, and the record on `permissions:<sessionId>`.
import type { Op } from '@parley/kernel/db'
import type { Decision, Decisions } from '@parley/kernel/decisions'
import type { Draft } from '@parley/kernel/log'
import type { Identity } from '@parley/kernel/principal'
import type { PendingPermission, PermissionResponseBody } from '../../protocol/index.js'
import type { PermissionRow, SessionRow, SessionsStore } from '../../store/port.js'
import { askerOf, cancelledOption, toDecisionDraft } from './request.js'

export type StepParts = { store: Pick<SessionsStore, 'permissions'>; decisions: Decisions }

/** Statements, and drafts for the stream of the decision. */
export type Steps = { ops: Op[]; drafts: Draft[] }

/** A request that is being put on record. */
export type NewRequest = Steps & { row: PermissionRow; decision: Decision }

/** How a request ends. `by`: who answered, or who made it pointless. */
export type Outcome =
  | { kind: 'answered'; body: PermissionResponseBody; by: Identity; automatic: boolean }
  | { kind: 'withdrawn'; by: Identity }

/** Puts a request on record. Throws `decision.invalid_question` for one that is too large. */
export function askSteps(
  { store, decisions }: StepParts,
  session: SessionRow,
  request: PendingPermission,
  state: 'deciding' | 'open',
): NewRequest {
  const decision = decisions.prepare(toDecisionDraft(session, request))
  const row: PermissionRow = {
    sessionId: session.id,
    requestId: request.requestId,
    decisionId: decision.id,
    request,
    state,
    askedAt: decision.createdAt,
  }
  const body = { decisionId: decision.id, ...request }
  return {
    row,
    decision,
    ops: [store.permissions.insert(row), ...decisions.askOps(decision)],
    drafts: [{ type: 'permission.asked', actor: askerOf(session), body }],
  }
}

/**
 * Ends a request: refuses its unit when somebody else has ended it. Throws what `Decisions.answerOps` throws.
 */
export function settleSteps(
  { store, decisions }: StepParts,
  row: PermissionRow,
  decision: Decision,
  outcome: Outcome,
): Steps {
  const { requestId, decisionId } = row
  const change = store.permissions.change(row, 'settled', ['deciding', 'open'])
  if (outcome.kind === 'withdrawn') {
    const draft = { type: 'permission.withdrawn', actor: outcome.by, body: { requestId, decisionId } }
    return { ops: [change, ...decisions.withdrawOps(decisionId)], drafts: [draft] }
  }
  const { body, by, automatic } = outcome
  const option = 'optionId' in body ? body.optionId : cancelledOption
  const ops = decisions.answerOps(decision, { answer: { option }, by, automatic })
  const said = { requestId, decisionId, ...body, automatic }
  return { ops: [change, ...ops], drafts: [{ type: 'permission.answered', actor: by, body: said }] }
}

/** Statements that refuse nothing: for ends that may come second. */
export const withoutGuards = (ops: readonly Op[]): Op[] => ops.map(({ sql, params }) => ({ sql, params }))
