import type { DecisionHandler, Decisions, ExpiredDecision } from '@parley/kernel/decisions'
import { toDraft } from '../events.js'
import { planeAuthor } from '../plane-author.js'
import { askedIn, decisionKinds } from './questions.js'

/** From now on this node expires the plane's decisions, each with an event in its thread. */
export function registerExpiry(decisions: Pick<Decisions, 'register'>): void {
  decisions.register(decisionKinds.form, { expired: formExpired })
  decisions.register(decisionKinds.tool, { expired: toolExpired })
}

const formExpired: DecisionHandler['expired'] = (decision) => {
  const { event_id, subject_id } = askedIn(decision)
  return appended(decision, 'form.expired', { target_id: event_id, form_id: subject_id })
}

const toolExpired: DecisionHandler['expired'] = (decision) => {
  const { event_id, subject_id } = askedIn(decision)
  return appended(decision, 'tool.expired', { target_id: event_id, tool: { id: subject_id } })
}

function appended(
  { stream }: ExpiredDecision,
  type: 'form.expired' | 'tool.expired',
  extra: Readonly<Record<string, unknown>>,
) {
  return [{ stream, drafts: [toDraft(type, { author: planeAuthor }, extra)] }]
}
