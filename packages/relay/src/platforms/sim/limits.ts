import type { CapabilityDescriptor } from '../../protocol/index.js'
import { contractVersion } from '../../version.js'
import { discordLimits, telegramLimits } from '../limits.js'
import type { PlatformLimits } from '../port.js'
import { everyOp } from '../port.js'

/** Files live in events of the log, so they are small. */
export const simMediaBytes = 1_048_576

/** Bounds of one simulated platform. Of messages the newest are kept; what else is too much is refused. */
export const simBounds = {
  messagesPerChat: 2_000,
  chats: 1_000,
  users: 10_000,
  scopes: 1_000,
  /** Interactions whose token is still known. */
  interactions: 1_000,
  /** Updates that were not accepted yet. */
  updates: 10_000,
  textLength: 65_536,
  /** Of ids and names. */
  nameLength: 256,
  filesPerMessage: 10,
  /** An update is given up when the connector has not taken it for so long. */
  updateAgeMs: 86_400_000,
  /** A token of an interaction is good for so long, as Discord's are. */
  interactionMs: 900_000,
} as const

type Like = Pick<CapabilityDescriptor, 'label' | 'max_message_length' | 'markdown_dialect' | 'len_unit'>

// Contract 3: what is suggested for the platforms that it names.
const likes: Record<string, Like> = {
  discord: { label: 'Discord', max_message_length: 2_000, markdown_dialect: 'discord', len_unit: 'chars' },
  telegram: {
    label: 'Telegram',
    max_message_length: 4_096,
    markdown_dialect: 'markdown_v2',
    len_unit: 'utf16',
  },
  slack: { label: 'Slack', max_message_length: 39_000, markdown_dialect: 'slack', len_unit: 'chars' },
}
const anyOther: Like = {
  label: 'Simulator',
  max_message_length: 8_000,
  markdown_dialect: 'markdown',
  len_unit: 'chars',
}

/** What the platform of this name can do, as far as it is simulated. */
export function simDescriptor(platform: string, label: string): CapabilityDescriptor {
  const like = likes[platform] ?? anyOther
  return {
    contract_version: contractVersion,
    platform,
    ...like,
    label: label || like.label,
    supports_draft_streaming: false,
    supports_edit: true,
    supports_threads: true,
    supports_context: true,
    supported_ops: [...everyOp],
  }
}

/** Its numbers: those of the platform it imitates. */
export function simLimits(platform: string): PlatformLimits {
  if (platform === 'telegram') return { ...telegramLimits, mediaBytes: simMediaBytes }
  if (platform === 'discord') return { ...discordLimits, mediaBytes: simMediaBytes }
  const { max_message_length } = likes[platform] ?? anyOther
  return { ...discordLimits, messageLength: max_message_length, mediaBytes: simMediaBytes }
}
