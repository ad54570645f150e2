import type { PlatformMessage } from '../../platforms/port.js'
import type {
  BotIdentity,
  MediaItem,
  MessageEvent,
  MessageType,
  PromptResponse,
} from '../../protocol/index.js'
import { readLinkCommand } from '../links/index.js'
import type { ContextMembers } from './context.js'
import { sourceOf } from './source.js'

/** A message as one receiver gets it (contract 4.2). */
export function toEvent(
  bot: BotIdentity,
  message: PlatformMessage,
  more: { media: readonly MediaItem[]; context: ContextMembers; response: PromptResponse | undefined },
): MessageEvent {
  const { media, context, response } = more
  return {
    // Gateways that know nothing of prompts take an answer for a typed command (5.7).
    text: response ? `/${response.option_id}` : message.text,
    message_type: response ? 'command' : typeOf(message),
    message_id: message.messageId,
    reply_to_message_id: message.replyTo?.messageId ?? null,
    ...replyOf(message),
    ...(media.length > 0 && { media_urls: media.map(({ url }) => url), media: [...media] }),
    ...context,
    ...(response && { prompt_response: response }),
    source: sourceOf(bot, message),
  }
}

function typeOf({ text, messageType }: PlatformMessage): MessageType {
  return messageType === 'text' && text.startsWith('/') ? 'command' : messageType
}

/** The quoted message. A code for `/link` is for no agent, quoted neither. */
function replyOf({ replyTo }: PlatformMessage): Pick<MessageEvent, 'reply_to'> {
  if (!replyTo) return {}
  const { text, author, isOwn } = replyTo
  const isShown = text !== undefined && readLinkCommand(text) === undefined
  if (!isShown && author === undefined && isOwn === undefined) return {}
  return {
    reply_to: {
      ...(isShown && { text }),
      ...(author !== undefined && { author }),
      ...(isOwn !== undefined && { is_own: isOwn }),
    },
  }
}
