import type { CapabilityDescriptor } from '../../protocol/index.js'
import { contractVersion } from '../../version.js'
import { telegramLimits } from '../limits.js'
import { everyOp } from '../port.js'

/** What a Telegram bot can do. */
export const telegramDescriptor = (label: string): CapabilityDescriptor => ({
  contract_version: contractVersion,
  platform: 'telegram',
  label: label || 'Telegram',
  max_message_length: telegramLimits.messageLength,
  supports_draft_streaming: false,
  supports_edit: true,
  supports_threads: true,
  markdown_dialect: 'markdown_v2',
  len_unit: 'utf16',
  // There are no interactions to follow up on.
  supported_ops: everyOp.filter((op) => op !== 'follow_up'),
})
