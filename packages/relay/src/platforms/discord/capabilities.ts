import type { CapabilityDescriptor } from '../../protocol/index.js'
import { contractVersion } from '../../version.js'
import { discordLimits } from '../limits.js'
import { everyOp } from '../port.js'

/** What a Discord bot can do. */
export const discordDescriptor = (label: string): CapabilityDescriptor => ({
  contract_version: contractVersion,
  platform: 'discord',
  label: label || 'Discord',
  max_message_length: discordLimits.messageLength,
  supports_draft_streaming: false,
  supports_edit: true,
  supports_threads: true,
  markdown_dialect: 'discord',
  len_unit: 'chars',
  supports_context: true,
  supported_ops: [...everyOp],
})
