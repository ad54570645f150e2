// What users write and press, as a driver delivers it.

import type { BotIdentity, MessageType } from '../../protocol/index.js'
import type { PlatformMedia, PlatformMessage } from '../port.js'
import type { SimMessage } from '../sim-port.js'
import type { SimUpdate } from './events.js'
import { toPlatformChat } from './places.js'
import type { World } from './world.js'

export type Told = {
  bot: BotIdentity
  /** What a mention is written with. */
  username: string
  world: World
  /** The bytes of a message's file. */
  load(chatId: string, messageId: string, index: number): Promise<Uint8Array>
}

export const toAuthor = (world: World, userId: string): PlatformMessage['author'] => {
  const user = world.users.get(userId)
  const name = user?.name ?? userId
  return { id: userId, name, displayName: name, isBot: user?.isBot ?? false, isSelf: false }
}

/** Undefined when the message is not known any more. */
export function toPlatformMessage(
  told: Told,
  update: Extract<SimUpdate, { kind: 'message' }>,
): PlatformMessage | undefined {
  const { bot, world } = told
  const chat = world.chats.get(update.chatId)?.chat
  const message = world.message(update.chatId, update.messageId)
  if (!chat || !message || message.userId === null) return undefined
  const replied = message.replyTo === null ? undefined : toReply(world, chat.id, message.replyTo)
  return {
    dedupe: `message:${message.chatId}:${message.id}`,
    messageId: message.id,
    text: message.text,
    messageType: typeOf(message),
    chat: toPlatformChat(bot.platform, world, chat),
    author: toAuthor(world, message.userId),
    addressesBot: chat.type === 'dm' || replied?.isOwn === true || mentions(message.text, told),
    isEdit: false,
    ...(replied && { replyTo: replied }),
    media: message.media.map((file, index) => toMedia(told, message, file, index)),
    sentAt: message.at,
  }
}

/** Undefined when its chat is not known any more. */
export function toPressMessage(
  { bot, world }: Told,
  update: Extract<SimUpdate, { kind: 'press' }>,
): PlatformMessage | undefined {
  const chat = world.chats.get(update.chatId)?.chat
  if (!chat) return undefined
  const { token, label, messageId } = update
  return {
    dedupe: `press:${update.id}`,
    messageId: update.id,
    text: '',
    messageType: 'command',
    chat: toPlatformChat(bot.platform, world, chat),
    author: toAuthor(world, update.userId),
    addressesBot: true,
    isEdit: false,
    media: [],
    press: { token, label, messageId },
    sentAt: update.at,
  }
}

function toReply(world: World, chatId: string, messageId: string): PlatformMessage['replyTo'] {
  const message = world.message(chatId, messageId)
  if (!message || message.isDeleted) return { messageId }
  const author = message.userId === null ? undefined : world.users.get(message.userId)?.name
  return {
    messageId,
    text: message.text,
    ...(author !== undefined && { author }),
    isOwn: message.userId === null,
  }
}

function mentions(text: string, { bot, username }: Told): boolean {
  const lower = text.toLowerCase()
  if (lower.includes(`<@${bot.botId.toLowerCase()}>`)) return true
  return [username, bot.botId].some((name) => hasWord(lower, `@${name.toLowerCase()}`))
}

/** A name that goes on (`@botany` for `@bot`) is another one, and `ann@bot` is an address. */
function hasWord(text: string, word: string): boolean {
  const isLetter = (at: number) => /[\p{L}\p{N}_]/u.test(text.charAt(at))
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) {
    if (!isLetter(at - 1) && !isLetter(at + word.length)) return true
  }
  return false
}

type Kind = { kind: string; type: MessageType }
const kinds: Record<string, Kind> = {
  image: { kind: 'image', type: 'photo' },
  video: { kind: 'video', type: 'video' },
  audio: { kind: 'audio', type: 'audio' },
}
const kindOf = (mime: string): Kind =>
  kinds[mime.split('/')[0] ?? ''] ?? { kind: 'document', type: 'document' }

function typeOf({ text, media }: SimMessage): MessageType {
  const first = media[0]
  if (first) return kindOf(first.mime).type
  return text.startsWith('/') ? 'command' : 'text'
}

function toMedia(
  told: Told,
  { chatId, id }: SimMessage,
  { filename, mime, size }: SimMessage['media'][number],
  index: number,
): PlatformMedia {
  const { kind } = kindOf(mime)
  return { kind, mime, size, filename, caption: '', load: () => told.load(chatId, id, index) }
}
