import { type BotIdentity, type OutboundResult, supports } from '../../protocol/index.js'
import type { GatewayLink } from '../deps.js'
import { noReceipt, type Receipt } from '../receipts/index.js'
import { chatInfo } from './chat-info.js'
import { checkAction } from './check-action.js'
import type { Asker } from './egress.js'
import { isCosmetic, type Parts } from './parts.js'
import type { Asked } from './prepare.js'
import { botUnavailable, notAdvertised, tooMany, unsupported } from './results.js'
import { type AskedTarget, candidatesOf, targetOf } from './target.js'
import { ownerOf, Work } from './work.js'

/** Jobs of one instance that wait for one chat. */
const mostInLane = 128

export type Request = { requestId: string; action: unknown; target: AskedTarget }

/**
 * Begins what a gateway asks for. Takes its place in the order of its chat in the same turn of the event loop, before anything is
 * looked up. The answer never rejects, and nothing is under way any more when it is there.
 */
export function begin(
  parts: Parts,
  { gateway, advertised }: GatewayLink,
  asked: Request,
): Promise<OutboundResult> {
  const checked = checkAction(asked.action)
  if ('problem' in checked) return Promise.resolve(checked.problem)
  const { action } = checked
  const candidates = candidatesOf(advertised, asked.target)
  const identity =
    action.op === 'follow_up' ? follower(parts, candidates) : targetOf(advertised, asked.target)
  if (!identity) return Promise.resolve(notAdvertised)
  const open = parts.bots.get(identity)
  if (!open) return Promise.resolve(botUnavailable)
  if (!supports(open.bot.descriptor, action.op)) return Promise.resolve(unsupported(action.op))
  const { tenant, instanceId, gatewayId } = gateway
  const asker: Asker = { tenant, instanceId, gatewayId }
  if (action.op === 'get_chat_info') return chatInfo(parts, asker, open, action)
  const work: Asked = { asker, open, action, candidates }
  return enqueue(parts, work, receiptOf(parts, work, asker, asked.requestId))
}

/** A capability says itself which bot it is of; where it stands in order, and whether it is listed, is by the first that has any. */
function follower({ bots }: Parts, candidates: readonly BotIdentity[]): BotIdentity | undefined {
  const follows = (identity: BotIdentity): boolean => {
    const open = bots.get(identity)
    return open !== undefined && supports(open.bot.descriptor, 'follow_up')
  }
  return candidates.find(follows) ?? candidates[0]
}

function receiptOf({ receipts }: Parts, { open, action }: Asked, asker: Asker, requestId: string): Receipt {
  if (isCosmetic(action.op)) return noReceipt
  return receipts.open({
    tenant: asker.tenant,
    instanceId: asker.instanceId,
    gatewayId: asker.gatewayId ?? '',
    platform: open.row.platform,
    botId: open.row.botId,
    requestId,
    op: action.op,
    chatId: action.op === 'follow_up' ? '' : action.chat_id,
    // As the check has left it: nothing that is not named in the contract, and never a secret.
    action: JSON.stringify(action),
  })
}

/** Puts it in its lane. */
export async function enqueue(parts: Parts, asked: Asked, receipt: Receipt): Promise<OutboundResult> {
  const { action } = asked
  const lane = parts.lanes.of(asked.open, action.op === 'follow_up' ? action.session_key : action.chat_id)
  if (lane.countOf(ownerOf(asked)) >= mostInLane) {
    await receipt.settle({ state: 'dead', error: tooMany.error }).catch(parts.onFault)
    return tooMany
  }
  const work = new Work(parts, asked, receipt, lane)
  lane.add(work).catch(parts.onFault)
  return await work.result
}
