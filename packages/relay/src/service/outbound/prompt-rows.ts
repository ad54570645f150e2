import type { Clock } from '@parley/kernel/ids'
import type { PlatformBot } from '../../platforms/port.js'
import type { BotIdentity, PromptAction } from '../../protocol/index.js'
import type { InstanceKey, PromptRow } from '../../store/port.js'
import { hasButtons } from './render.js'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const longestMs = 30 * dayMs

/**
 * Whose a press will be. Expiry is the gateway's (contract 5.7): a late press on a button must still reach it, to be told that nobody
 * waits any more. A number in a chat must not be taken for an answer that long.
 */
export function promptRow(
  clock: Clock,
  key: InstanceKey,
  { platform, botId }: BotIdentity,
  action: PromptAction,
  bot: Pick<PlatformBot, 'limits'>,
): PromptRow {
  const isNative = hasButtons(action, bot)
  const openMs = action.timeout_s === undefined ? hourMs : action.timeout_s * 1_000
  const keptMs = Math.min(isNative ? openMs + dayMs : openMs, longestMs)
  const createdAt = clock.micros()
  return {
    tenant: key.tenant,
    instanceId: key.instanceId,
    platform,
    botId,
    chatId: action.chat_id,
    promptId: action.prompt_id,
    messageId: null,
    options: action.options,
    rung: isNative ? 'buttons' : 'text',
    createdAt,
    expiresAt: createdAt + Math.round(keptMs * 1_000),
  }
}
