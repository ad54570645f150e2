// Discord's message → ours: https://docs.discord.com/developers/resources/message

import {
  type GatewayMessageCreateDispatchData,
  MessageFlags,
  MessageReferenceType,
  MessageType as MessageTypes,
} from 'discord-api-types/v10'
import type { MessageType } from '../../protocol/index.js'
import type { PlatformMedia, PlatformMessage } from '../port.js'
import type { Discord } from './discord.js'
import { type Channel, chatTypeOf, shownName, type User } from './objects.js'

export type MessageData = GatewayMessageCreateDispatchData
type Data = MessageData
type Chat = PlatformMessage['chat']

/** What people write. The rest are notices: somebody joined, something was pinned. */
const written: readonly number[] = [MessageTypes.Default, MessageTypes.Reply]

export const isWritten = ({ type }: Pick<Data, 'type'>): boolean => written.includes(type)

/** Undefined for changes that are no edits: a preview of a link was added, a thread was begun. */
export function editedAt(data: Pick<Data, 'edited_timestamp' | 'content' | 'author'>): string | undefined {
  const { edited_timestamp: at, content, author } = data
  return typeof at === 'string' && typeof content === 'string' && author ? at : undefined
}

/** Where it was written. Rejects when Discord can't be asked: then it may be asked again. */
export async function chatOf({ channels, lookups }: Discord, data: Data): Promise<Chat> {
  const { channel_id: id, guild_id: scopeId } = data
  if (scopeId === undefined) return toChat({ id, type: 1, name: shownName(data.author) }, undefined)
  const known = channels.find(id)
  if (known) return toChat(known, scopeId)
  const asked = await lookups.channel(id)
  if (asked.outcome === 'unknown') throw new Error('Discord does not say which channel a message is in')
  // What it does not tell is taken for an ordinary channel.
  if (asked.outcome !== 'found') return toChat({ id, type: 0 }, scopeId)
  channels.set(asked.value, scopeId)
  return toChat(asked.value, scopeId)
}

export function toChat(
  channel: Pick<Channel, 'id' | 'type' | 'name' | 'topic' | 'parent_id'>,
  scopeId?: string,
): Chat {
  const type = chatTypeOf(channel)
  const isThread = type === 'thread'
  return {
    id: channel.id,
    type: scopeId === undefined ? 'dm' : type,
    name: channel.name || null,
    topic: channel.topic || null,
    scopeId: scopeId ?? null,
    threadId: isThread ? channel.id : null,
    parentId: isThread ? (channel.parent_id ?? null) : null,
  }
}

export function toAuthor(
  botId: string,
  user: User,
  { nick, isWebhook = false }: { nick?: string | null; isWebhook?: boolean } = {},
): PlatformMessage['author'] {
  return {
    id: user.id,
    name: user.username,
    displayName: shownName(user, nick),
    handle: user.username,
    isBot: isWebhook || user.bot === true,
    isSelf: user.id === botId,
  }
}

export function toPlatformMessage(discord: Discord, data: Data, chat: Chat, edit?: string): PlatformMessage {
  const { botId } = discord.identity
  const replyTo = replyOf(botId, data)
  const media = data.attachments.flatMap((one) => toMedia(data, one))
  const name = { nick: data.member?.nick, isWebhook: data.webhook_id !== undefined }
  return {
    dedupe: edit === undefined ? `message:${data.id}` : `message:${data.id}:${edit}`,
    messageId: data.id,
    text: data.content,
    messageType: typeOf(data, media),
    chat,
    author: toAuthor(botId, data.author, name),
    addressesBot: chat.type === 'dm' || replyTo?.isOwn === true || mentions(discord, data),
    isEdit: edit !== undefined,
    ...(replyTo && { replyTo }),
    media,
    sentAt: Date.parse(edit ?? data.timestamp),
  }
}

/** By its name, or by the role that Discord made for it: the two look alike. */
function mentions({ identity, channels }: Discord, { mentions, mention_roles, guild_id }: Data): boolean {
  const role = guild_id === undefined ? undefined : channels.roleIn(guild_id)
  return (
    mentions.some(({ id }) => id === identity.botId) || (role !== undefined && mention_roles.includes(role))
  )
}

function replyOf(botId: string, data: Data): PlatformMessage['replyTo'] {
  const { message_reference: reference, referenced_message: replied } = data
  const isForward = reference?.type === MessageReferenceType.Forward
  if (data.type !== MessageTypes.Reply || !reference?.message_id || isForward) return undefined
  if (!replied) return { messageId: reference.message_id }
  return {
    messageId: reference.message_id,
    text: replied.content,
    author: shownName(replied.author),
    isOwn: replied.author.id === botId,
  }
}

type Kind = { kind: string; type: MessageType }
const document: Kind = { kind: 'document', type: 'document' }
const kinds: Record<string, Kind> = {
  image: { kind: 'image', type: 'photo' },
  video: { kind: 'video', type: 'video' },
  audio: { kind: 'audio', type: 'audio' },
}

function kindOf(mime: string, { flags }: Pick<Data, 'flags'>): Kind {
  if ((flags ?? 0) & MessageFlags.IsVoiceMessage) return { kind: 'voice', type: 'voice' }
  return kinds[mime.split('/')[0] ?? ''] ?? document
}

function typeOf(data: Data, media: readonly PlatformMedia[]): MessageType {
  const [first] = media
  if (first) return kindOf(first.mime, data).type
  if (data.content.startsWith('/')) return 'command'
  return data.sticker_items?.length ? 'sticker' : 'text'
}

/** Discord's files are public to whoever has their address. */
function toMedia(
  data: Data,
  { url, content_type, size, filename, description }: Data['attachments'][number],
): PlatformMedia[] {
  if (!url.startsWith('https://')) return []
  const mime = (content_type ?? 'application/octet-stream').split(';')[0]!.trim()
  return [{ url, kind: kindOf(mime, data).kind, mime, size, filename, caption: description ?? '' }]
}
