import type { PlatformMessage } from '../../platforms/port.js'
import { type BotIdentity, buildSessionKey, type SessionSource } from '../../protocol/index.js'
import type { ConversationRow, InstanceKey } from '../../store/port.js'

type Wrote = Pick<PlatformMessage, 'chat' | 'author'> & { messageId?: string; isEdit?: boolean }

/** Who wrote where, as the wire says it (contract 4.4): only what the platform observed. */
export function sourceOf(
  { platform }: BotIdentity,
  { chat, author, messageId, isEdit }: Wrote,
): SessionSource {
  const { scopeId, parentId, autoThreadName } = chat
  return {
    platform,
    chat_id: chat.id,
    chat_type: chat.type,
    chat_name: chat.name,
    user_id: author.id,
    user_name: author.name,
    thread_id: chat.threadId,
    chat_topic: chat.topic,
    // Gateways of the first era read the one name only, later ones the other.
    ...(scopeId !== null && { scope_id: scopeId, guild_id: scopeId }),
    ...(parentId !== null && { parent_chat_id: parentId }),
    ...(messageId !== undefined && { message_id: messageId }),
    ...(author.displayName !== undefined && { user_display_name: author.displayName }),
    ...(author.handle !== undefined && { user_handle: author.handle }),
    ...(autoThreadName !== undefined && {
      auto_thread_created: true,
      auto_thread_initial_name: autoThreadName,
    }),
    is_bot: author.isBot,
    message_is_edit: isEdit ?? false,
  }
}

/**
 * The keys under which a gateway may ask for what was taken out of a forward: today's and those of the first era, and, of an
 * instance that names groups without their authors, `isShort`, those as well (contract 6.4).
 */
export function capabilityKeys(
  sources: readonly SessionSource[],
  { isShort }: { isShort: boolean },
): string[] {
  const keysOf = (source: SessionSource) => [
    buildSessionKey(source),
    seedKey(source),
    ...(isShort ? [buildSessionKey(source, { groupSessionsPerUser: false })] : []),
  ]
  return [...new Set(sources.flatMap(keysOf))]
}

function seedKey({ scope_id, chat_id, user_id }: SessionSource): string {
  const chat_type = scope_id === undefined ? 'dm' : 'channel'
  return buildSessionKey({ platform: 'relay', chat_type, chat_id, user_id }, { era: 'seed' })
}

/** What is remembered of a delivery: that the instance may answer there, and where its session runs. */
export function conversationOf(
  key: InstanceKey,
  { platform, botId }: BotIdentity,
  { chat, author }: Wrote,
  now: { sessionKey: string; lastSeenAt: number },
): ConversationRow {
  return {
    tenant: key.tenant,
    instanceId: key.instanceId,
    platform,
    botId,
    chatId: chat.id,
    userId: author.id,
    chatType: chat.type,
    chatName: chat.name,
    scopeId: chat.scopeId,
    threadId: chat.threadId,
    ...now,
  }
}
