// Who may answer, and why a decision that is over can't be answered again.
import type { ParleyError } from '../errors/index.js'
import type { Micros } from '../ids/index.js'
import type { Identity } from '../principal/index.js'
import { decisionErrors } from './errors.js'
import { identityKey } from './identity-key.js'
import type { Decision, OpenDecision } from './port.js'

/** Throws `decision.asker_may_not_answer` or `decision.not_allowed`. */
export function assertMayAnswer({ id, asker, mayAnswer }: Decision, by: Identity): void {
  const key = identityKey(by)
  if (key === identityKey(asker)) throw decisionErrors.askerMayNotAnswer({ details: { id } })
  if (typeof mayAnswer !== 'string' && !mayAnswer.includes(key))
    throw decisionErrors.notAllowed({ details: { id } })
}

/** Throws `decision.already_settled` or `decision.expired`. */
export function assertOpen(decision: Decision, now: Micros): asserts decision is OpenDecision {
  const refusal = refusalOf(decision, now)
  if (refusal) throw refusal
}

/** Why nobody can answer any more; undefined while somebody can. */
export function refusalOf(decision: Decision, now: Micros): ParleyError | undefined {
  const { id, state, deadline } = decision
  if (state === 'withdrawn') return decisionErrors.alreadySettled({ details: { id, state } })
  if (state === 'answered') {
    const { answeredBy, answeredAt, automatic } = decision
    const details = { id, state, answeredBy: toPublic(answeredBy), answeredAt, automatic }
    return decisionErrors.alreadySettled({ details })
  }
  const isOver = state === 'expired' || (deadline !== null && deadline <= now)
  return isOver ? decisionErrors.expired({ details: { id, deadline } }) : undefined
}

/** Without the tenant: this travels to whoever was too slow. */
function toPublic({ kind, id, name }: Identity): Identity {
  return { kind, id, ...(name !== undefined && { name }) }
}
