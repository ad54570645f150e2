import { isJsonObject } from '@parley/kernel/wire'
import type { SessionSource } from './message-event.js'
import { assignTexts, textOf, textOrNull } from './read-values.js'

/** Platforms that gateways know by name. */
export const knownPlatforms = [
  'relay',
  'discord',
  'telegram',
  'slack',
  'whatsapp',
  'signal',
  'matrix',
  'mattermost',
  'email',
  'sms',
  'teams',
  'web',
  'sim',
] as const

const optionalTexts = [
  'user_id_alt',
  'chat_id_alt',
  'parent_chat_id',
  'message_id',
  'profile',
  'user_display_name',
  'user_handle',
  'auto_thread_initial_name',
  'prospective_thread_id',
] as const
const flags = ['auto_thread_created', 'is_bot', 'message_is_edit', 'one_to_one_verified'] as const

/** A source off the wire (contract 4.4); undefined when it is no object. `scope_id` may come as `guild_id` only. */
export function readSource(value: unknown, platforms: readonly string[] = []): SessionSource | undefined {
  if (!isJsonObject(value)) return undefined
  const source: SessionSource = {
    platform: platformOf(textOf(value.platform), platforms),
    chat_id: textOf(value.chat_id) ?? '',
    chat_type: textOf(value.chat_type) || 'dm',
    chat_name: textOrNull(value.chat_name),
    user_id: textOrNull(value.user_id),
    user_name: textOrNull(value.user_name),
    thread_id: textOrNull(value.thread_id),
    chat_topic: textOrNull(value.chat_topic),
  }
  assignTexts(source, value, optionalTexts)
  for (const name of flags) if (typeof value[name] === 'boolean') source[name] = value[name]
  const scope = textOf(value.scope_id) || textOf(value.guild_id)
  if (scope) Object.assign(source, { scope_id: scope, guild_id: scope })
  return source
}

function platformOf(platform: string | undefined, more: readonly string[]): string {
  return [...knownPlatforms, ...more].find((known) => known === platform) ?? 'relay'
}
