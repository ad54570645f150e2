import type { OutboundAction, OutboundResult } from '../../protocol/index.js'
import type { ReceiptEnd } from '../receipts/index.js'
import type { Outcome } from './calls.js'
import type { Plan } from './render.js'
import { failure, stopping, success, unsure } from './results.js'

/** How an action ended: what is answered, and what its receipt says. */
export type End = { result: OutboundResult; receipt: ReceiptEnd }

/** Nothing of it was done. */
export const notDone = (result: OutboundResult): End => ({
  result,
  receipt: { state: 'dead', ...(!result.success && { error: result.error }) },
})

/** A step that failed behind one that was done leaves a part: nobody may simply ask again. */
export function endOf(outcome: Outcome, plan: Plan, action: OutboundAction): End {
  if (outcome.outcome === 'done') return sent(outcome.main, plan, action)
  const error = outcome.outcome === 'stopped' ? stopping.error : outcome.error
  if (outcome.done > 0) return maybeDone(`only a part was sent: ${error}`)
  if (outcome.outcome === 'ambiguous') return maybeDone(error)
  return notDone(outcome.outcome === 'stopped' ? stopping : failure(error))
}

const maybeDone = (error: string): End => ({ result: unsure(error), receipt: { state: 'parked', error } })

function sent(main: Extract<Outcome, { outcome: 'done' }>['main'], plan: Plan, action: OutboundAction): End {
  // An edit that gives no new id has kept the old one.
  const messageId = main.messageId ?? (action.op === 'edit' ? action.message_id : undefined)
  const result = success({ ...main, ...(messageId !== undefined && { messageId }) })
  const rung = plan.rung ?? main.rung ?? 'native'
  return { result, receipt: { state: 'sent', rung, ...(messageId !== undefined && { messageId }) } }
}
