// An interaction of Discord that was passed on, as the message it stands for (contract 6.3).

import { isJsonObject, type JsonObject } from '@parley/kernel/wire'
import type { MessageEvent, SessionSource } from './message-event.js'
import type { PassthroughForward } from './passthrough.js'
import { readPromptToken } from './prompt-token.js'
import { textOf, textOrNull } from './read-values.js'

/** Undefined for what is none: another platform, no JSON, a ping, nothing to say. Never throws. */
export function interactionToMessage(forward: PassthroughForward): MessageEvent | undefined {
  const body = forward.platform === 'discord' ? bodyOf(forward.body) : undefined
  const said = body && saidBy(body)
  if (!body || !said?.text) return undefined
  return { ...said, message_id: textOrNull(body.id), source: sourceOf(body, forward.profile) }
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

function bodyOf(bytes: Uint8Array): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(utf8.decode(bytes))
    return isJsonObject(value) ? value : undefined
  } catch {
    // Not UTF-8, or not JSON.
    return undefined
  }
}

type Said = Pick<MessageEvent, 'text' | 'message_type' | 'prompt_response'>

function saidBy(body: JsonObject): Said | undefined {
  const data = objectOf(body.data)
  if (body.type === 2) return command(data)
  return body.type === 3 ? press(textOf(data.custom_id) ?? '', objectOf(body.message)) : undefined
}

function command(data: JsonObject): Said | undefined {
  const name = textOf(data.name)
  if (!name) return undefined
  return { text: [`/${name}`, ...wordsOf(data.options)].join(' '), message_type: 'command' }
}

function press(customId: string, message: JsonObject): Said {
  const token = readPromptToken(customId)
  if (!token) return { text: customId, message_type: 'text' }
  return {
    text: `/${token.optionId}`,
    message_type: 'command',
    prompt_response: {
      prompt_id: token.promptId,
      option_id: token.optionId,
      prompt_message_id: textOrNull(message.id),
    },
  }
}

/** LIMIT: a group, a sub-command, its options; the platform knows no deeper ones. */
const deepest = 3

function wordsOf(options: unknown, depth = 1): string[] {
  if (!Array.isArray(options) || depth > deepest) return []
  return options.filter(isJsonObject).flatMap((option) => {
    const isSub = option.type === 1 || option.type === 2
    const word = isSub ? textOf(option.name) : scalar(option.value)
    return [...(word ? [word] : []), ...(isSub ? wordsOf(option.options, depth + 1) : [])]
  })
}

function scalar(value: unknown): string {
  const isScalar = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
  return isScalar ? String(value).trim() : ''
}

/** Types of channels that are threads: of news, public, private. */
const threadTypes: unknown[] = [10, 11, 12]

function sourceOf(body: JsonObject, profile: string | undefined): SessionSource {
  const chatId = textOf(body.channel_id) ?? ''
  const scope = textOf(body.guild_id)
  const channel = objectOf(body.channel)
  const isThread = scope !== undefined && threadTypes.includes(channel.type)
  const parent = isThread ? textOf(channel.parent_id) : undefined
  const messageId = textOf(body.id)
  return {
    platform: 'discord',
    chat_id: chatId,
    chat_type: isThread ? 'thread' : scope ? 'group' : 'dm',
    chat_name: null,
    ...authorOf(body),
    thread_id: isThread ? chatId : null,
    chat_topic: null,
    ...(scope && { scope_id: scope, guild_id: scope }),
    ...(parent && { parent_chat_id: parent }),
    ...(messageId && { message_id: messageId }),
    ...(profile && { profile }),
  }
}

function authorOf(body: JsonObject): Pick<SessionSource, 'user_id' | 'user_name'> {
  const member = objectOf(body.member)
  const user = isJsonObject(member.user) ? member.user : objectOf(body.user)
  const name = textOf(member.nick) || textOf(user.global_name) || textOf(user.username)
  return { user_id: textOrNull(user.id), user_name: name ?? null }
}

const objectOf = (value: unknown): JsonObject => (isJsonObject(value) ? value : {})
