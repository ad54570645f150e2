// Who may see what on a simulated platform, and how it calls its places.

import type { Known, Place, PlatformMessage } from '../port.js'
import type { SimChat } from '../sim-port.js'
import type { World } from './world.js'

/** May this user view that chat? */
export function canView(world: World, userId: string, { chatId, scopeId }: Place): Known {
  const chat = world.chats.get(chatId)?.chat
  if (!chat) return 'unknown'
  if (scopeId !== null && chat.scopeId !== scopeId) return 'no'
  if (chat.members) return chat.members.includes(userId) ? 'yes' : 'no'
  const parent = chat.parentId === null ? undefined : world.chats.get(chat.parentId)?.chat
  if (parent?.members) return parent.members.includes(userId) ? 'yes' : 'no'
  if (chat.scopeId === null) return world.users.has(userId) ? 'yes' : 'no'
  const scope = world.scopes.get(chat.scopeId)
  return scope ? (scope.members.includes(userId) ? 'yes' : 'no') : 'unknown'
}

export function isIn(world: World, { chatId, scopeId }: { chatId: string; scopeId: string }): Known {
  const chat = world.chats.get(chatId)?.chat
  if (!chat) return 'unknown'
  return chat.scopeId === scopeId ? 'yes' : 'no'
}

export function isDirect(world: World, chatId: string, userId: string): Known {
  const chat = world.chats.get(chatId)?.chat
  if (!chat) return 'unknown'
  return chat.type === 'dm' && chat.members?.length === 1 && chat.members[0] === userId ? 'yes' : 'no'
}

// On Telegram a topic is a part of its chat and is named together with it. Everywhere else a thread is a chat of its own.
const isTopic = (platform: string, chat: SimChat): boolean =>
  platform === 'telegram' && chat.type === 'thread' && chat.parentId !== null

/** The chat as messages name it. */
export function toPlatformChat(platform: string, world: World, chat: SimChat): PlatformMessage['chat'] {
  const parent = chat.parentId === null ? undefined : world.chats.get(chat.parentId)?.chat
  if (parent && isTopic(platform, chat))
    return { ...toPlatformChat(platform, world, parent), topic: chat.name, threadId: chat.id }
  return {
    id: chat.id,
    type: chat.type,
    name: chat.name,
    topic: null,
    scopeId: chat.scopeId,
    threadId: chat.type === 'thread' ? chat.id : null,
    parentId: chat.parentId,
  }
}

/** The chat that an action means: a topic, where its metadata names one of the chat's own. */
export function findTarget(
  world: World,
  { chat_id, metadata }: { chat_id: string; metadata?: { thread_id?: unknown } },
): SimChat | undefined {
  const threadId = metadata?.thread_id
  const thread = typeof threadId === 'string' ? world.chats.get(threadId)?.chat : undefined
  return thread?.parentId === chat_id ? thread : world.chats.get(chat_id)?.chat
}
