import { cutText, limits, type OutboundAction, type OutboundResult } from '../../protocol/index.js'
import type { OpenBot } from '../deps.js'
import { inTime } from '../routing/in-time.js'
import type { Asker } from './egress.js'
import type { Parts } from './parts.js'
import { declined, failure, failureOf } from './results.js'

const longestName = 256

/** What a chat is called and of which kind it is (contract 5.5). A reading: it stands in no lane and leaves no receipt. */
export async function chatInfo(
  { egress, deps, onFault }: Parts,
  asker: Asker,
  open: OpenBot,
  action: Extract<OutboundAction, { op: 'get_chat_info' }>,
): Promise<OutboundResult> {
  const { chat_id: chatId } = action
  try {
    if (!(await egress.isApproved(asker, open, action))) {
      deps.tally.count('outbound.declined')
      return declined(open.row.platform)
    }
    const ask = (signal: AbortSignal) => open.bot.chatInfo(chatId, { signal })
    const info = await inTime(deps.ground.clock, limits.platformMs, ask)
    if (!info) return failure('chat not found')
    return { success: true, chat_info: { name: cutText(info.name, longestName, 'chars'), type: info.type } }
  } catch (error) {
    return failureOf(error, onFault)
  }
}
