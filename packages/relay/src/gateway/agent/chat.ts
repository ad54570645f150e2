// What an agent does in the chat that a message came from.

import {
  type ActionMetadata,
  type CapabilityDescriptor,
  type ChatInfo,
  isDeclined,
  type MessageEvent,
  type OutboundAction,
  type OutboundResult,
  type SessionSource,
  supports,
} from '../../protocol/index.js'
import type { EventOrigin } from '../gateway.js'
import type { MediaClient, ReceivedMedia } from '../media-client.js'
import type { RelayTransport } from '../transport.js'
import { type Ask, ask } from './ask.js'
import type { Answer, Asks } from './asks.js'
import { type MediaToSend, sendMedia } from './send-media.js'

/** The chat of a message. Results are values: `{success: false, error}` is for the agent to act on. */
export interface Chat {
  readonly sessionKey: string
  /** Where, and by whom. */
  readonly source: SessionSource
  /** Aborts when this turn is interrupted, or the gateway stops. */
  readonly signal: AbortSignal
  /** What the platform can do, where it is known. */
  readonly descriptor: CapabilityDescriptor | undefined
  /** Answers the message. */
  reply(text: string): Promise<OutboundResult>
  /** Says something, answering nothing. */
  send(text: string): Promise<OutboundResult>
  edit(messageId: string, text: string): Promise<OutboundResult>
  /** Shows that something is being done; with a text that it is, where the platform has one. */
  typing(status?: string): Promise<OutboundResult>
  /** On the message, or another one. Cosmetic: may fail without harm. */
  react(emoji: string, options?: { messageId?: string; remove?: boolean }): Promise<OutboundResult>
  /** Falls back to text where files can't be sent. Uploads bytes first. */
  sendMedia(media: MediaToSend): Promise<OutboundResult>
  /**
   * Puts a question with buttons. Resolves with the first answer, with undefined when none came in `timeoutMs` (default one
   * hour). Throws a `RelayActionError` when it could not be put, the signal's reason when the turn is interrupted.
   */
  ask(question: Ask): Promise<Answer | undefined>
  /** The files of the message. */
  files(): Promise<ReceivedMedia[]>
  info(): Promise<ChatInfo>
  /** Anything else; scope and author are filled in. */
  act(action: OutboundAction): Promise<OutboundResult>
}

export type ChatOptions = {
  event: MessageEvent
  origin: EventOrigin
  sessionKey: string
  signal: AbortSignal
  transport: RelayTransport
  media?: MediaClient
  asks: Asks
  report(message: string): void
}

export function createChat(options: ChatOptions): Chat {
  const { event, transport, signal, sessionKey } = options
  const { source } = event
  const chat_id = source.chat_id
  const metadata = metadataOf(source)
  const descriptor = () => transport.descriptors?.().get(source.platform)
  const can = (op: string) => {
    const known = descriptor()
    return known === undefined || supports(known, op)
  }

  const act = async (action: OutboundAction): Promise<OutboundResult> => {
    const result = await transport.sendOutbound({ ...action, metadata: { ...metadata, ...action.metadata } })
    if (isDeclined(result)) options.report(`${action.op} was declined in ${source.platform}`)
    return result
  }
  /** What may be done twice without harm. */
  const actTwice = async (action: OutboundAction): Promise<OutboundResult> => {
    const result = await act(action)
    return !result.success && result.ambiguous ? act(action) : result
  }
  const say = async (content: string, reply_to: string | null): Promise<OutboundResult> => {
    if (options.origin === 'interaction' && can('follow_up')) {
      const result = await followUp(content)
      if (result.success || !isUnavailable(result)) return result
    }
    return act({ op: 'send', chat_id, content, reply_to })
  }
  const followUp = (content: string) =>
    transport.sendFollowUp({
      op: 'follow_up',
      session_key: sessionKey,
      kind: 'discord.interaction_token',
      content,
      metadata,
    })

  const chat: Chat = {
    sessionKey,
    source,
    signal,
    get descriptor() {
      return descriptor()
    },
    act,
    reply: (text) => say(text, options.origin === 'message' ? (event.message_id ?? null) : null),
    send: (text) => say(text, null),
    edit: (messageId, text) => actTwice({ op: 'edit', chat_id, message_id: messageId, content: text }),
    typing: (status) => act({ op: 'typing', chat_id, ...(status !== undefined && { content: status }) }),
    react: async (emoji, { messageId = event.message_id, remove = false } = {}) =>
      messageId
        ? actTwice({ op: 'react', chat_id, message_id: messageId, emoji, remove })
        : { success: false, error: 'there is no message to react to' },
    sendMedia: (media) => sendMedia({ chat, can, upload: options.media?.upload }, media),
    ask: (question) => ask({ chat, asks: options.asks }, question),
    files: async () => (await options.media?.filesOf(event)) ?? [],
    info: () => transport.getChatInfo(chat_id),
  }
  return chat
}

/** By these the connector finds whose the chat is: every action carries them (contract 5.2). */
function metadataOf(source: SessionSource): ActionMetadata {
  const scope = source.scope_id ?? source.guild_id
  return {
    // Connectors of the first era know the second name only.
    ...(scope && { scope_id: scope, guild_id: scope }),
    ...(source.user_id && { user_id: source.user_id }),
    ...(source.thread_id && { thread_id: source.thread_id }),
    ...(source.profile && { profile: source.profile }),
  }
}

/** The capability is gone, or was never known: a plain message may still be sent. A declined target stays declined. */
function isUnavailable(result: OutboundResult): boolean {
  if (result.success || result.ambiguous || isDeclined(result)) return false
  return /capability unavailable|unsupported op/i.test(result.error)
}
