// Telegram's updates as ours: https://core.telegram.org/bots/api#update

import type { CallbackQuery, Message, Update, User } from 'grammy/types'
import type { MessageType } from '../../protocol/index.js'
import type { PlatformMessage } from '../port.js'
import type { Telegram } from './bot-context.js'
import { mediaOf } from './media.js'
import { addresses, withoutOwnName } from './mentions.js'

/** What is asked for. */
export const allowedUpdates = ['message', 'edited_message', 'callback_query'] as const

/** Undefined for what nobody wrote: members that come and go, pins, payments. */
export async function toPlatformMessage(
  telegram: Telegram,
  update: Update,
): Promise<PlatformMessage | undefined> {
  const dedupe = `update:${update.update_id}`
  const message = update.message ?? update.edited_message
  if (update.callback_query) return toPress(update.callback_query, dedupe)
  if (!message?.from) return undefined
  noteTopics(telegram, message)
  const media = mediaOf(telegram, message)
  const text = message.text ?? message.caption ?? ''
  if (text === '' && media.length === 0 && !message.location) return undefined
  const username = await telegram.username()
  const replied = replyOf(telegram, message)
  return {
    dedupe,
    messageId: String(message.message_id),
    text: withoutOwnName(text, username),
    messageType: typeOf(message, text),
    chat: chatOf(message),
    author: authorOf(message.from, telegram.identity.botId),
    addressesBot:
      message.chat.type === 'private' ||
      replied?.isOwn === true ||
      addresses(message, username, telegram.identity.botId),
    isEdit: update.edited_message !== undefined,
    ...(replied && { replyTo: replied }),
    media,
    sentAt: (message.edit_date ?? message.date) * 1_000,
  }
}

function toPress(query: CallbackQuery, dedupe: string): PlatformMessage | undefined {
  const { message, data, from } = query
  // Only our own tokens become presses (5.7).
  if (!message || !data?.startsWith('hp1:')) return undefined
  const keyboard = 'reply_markup' in message ? message.reply_markup?.inline_keyboard.flat() : undefined
  const label = keyboard?.find((button) => 'callback_data' in button && button.callback_data === data)?.text
  return {
    dedupe,
    messageId: query.id,
    text: '',
    messageType: 'command',
    // An old message comes without its topic.
    chat: chatOf(message as Pick<Message, 'chat'>),
    author: authorOf(from, ''),
    addressesBot: true,
    isEdit: false,
    media: [],
    press: { token: data, messageId: String(message.message_id), ...(label !== undefined && { label }) },
    sentAt: message.date * 1_000,
  }
}

type Placed = Pick<Message, 'chat'> &
  Partial<Pick<Message, 'is_topic_message' | 'message_thread_id' | 'reply_to_message'>>

function chatOf({
  chat,
  is_topic_message,
  message_thread_id,
  reply_to_message,
}: Placed): PlatformMessage['chat'] {
  const isForum = chat.type === 'supergroup' && chat.is_forum === true
  const hasTopic = is_topic_message && message_thread_id !== undefined
  return {
    id: String(chat.id),
    type: chat.type === 'private' ? 'dm' : chat.type === 'channel' ? 'channel' : isForum ? 'forum' : 'group',
    name: chat.title ?? chat.first_name ?? null,
    topic: (hasTopic && reply_to_message?.forum_topic_created?.name) || null,
    scopeId: null,
    threadId: hasTopic ? String(message_thread_id) : null,
    parentId: null,
  }
}

function authorOf(user: User, botId: string): PlatformMessage['author'] {
  const displayName = [user.first_name, user.last_name].filter(Boolean).join(' ')
  return {
    id: String(user.id),
    name: user.username ?? (displayName || null),
    ...(displayName && { displayName }),
    ...(user.username !== undefined && { handle: user.username }),
    isBot: user.is_bot,
    isSelf: String(user.id) === botId,
  }
}

function replyOf({ identity }: Telegram, message: Message): PlatformMessage['replyTo'] {
  const replied = message.reply_to_message
  // In a topic everything answers the message with which the topic began.
  if (!replied || replied.forum_topic_created) return undefined
  const text = replied.text ?? replied.caption
  return {
    messageId: String(replied.message_id),
    ...(text !== undefined && { text }),
    ...(replied.from && {
      author: replied.from.username ?? replied.from.first_name,
      isOwn: String(replied.from.id) === identity.botId,
    }),
  }
}

function typeOf(message: Message, text: string): MessageType {
  for (const type of ['photo', 'video', 'voice', 'audio', 'document', 'sticker', 'location'] as const)
    if (message[type] !== undefined) return type
  return text.startsWith('/') ? 'command' : 'text'
}

function noteTopics({ topics, identity }: Telegram, message: Message): void {
  if (!message.forum_topic_edited || String(message.from?.id) === identity.botId) return
  topics.renamedByOthers(String(message.chat.id), String(message.message_thread_id))
}
