import { isJsonObject, type JsonObject } from '@parley/kernel/wire'
import {
  type ContextItem,
  type MediaItem,
  type MessageEvent,
  type MessageType,
  messageTypes,
  type PromptResponse,
} from './message-event.js'
import { readSource } from './read-source.js'
import { assignTexts, numberOf, textOf, textOrNull } from './read-values.js'

export type ReadMessageEventOptions = {
  /** Platforms besides the well-known ones, for example those of the own bots; any other is called `relay`. */
  platforms?: readonly string[]
}

/**
 * An event off the wire (contract 4.2). Unknown members are left out, among them everything that claims trust; odd ones count
 * as absent. Undefined when there is no source.
 */
export function readMessageEvent(
  value: unknown,
  options: ReadMessageEventOptions = {},
): MessageEvent | undefined {
  const source = isJsonObject(value) ? readSource(value.source, options.platforms) : undefined
  if (!source || !isJsonObject(value)) return undefined
  const urls = urlsOf(value.media_urls)
  const media = mediaOf(value.media, urls)
  const press = pressOf(value.prompt_response)
  return {
    text: textOf(value.text) ?? '',
    message_type: typeOf(value.message_type),
    source,
    message_id: textOrNull(value.message_id),
    reply_to_message_id: textOrNull(value.reply_to_message_id),
    media_urls: urls,
    ...(isJsonObject(value.reply_to) && { reply_to: quoteOf(value.reply_to) }),
    ...(media.length > 0 && { media }),
    ...(Array.isArray(value.context) && { context: value.context.flatMap(contextItem) }),
    ...(value.context_error === true && { context_error: true }),
    ...(press && { prompt_response: press }),
  }
}

function typeOf(value: unknown): MessageType {
  // OUTSIDE: the published text says `image`, gateways know `photo` only.
  if (value === 'image') return 'photo'
  return messageTypes.find((type) => type === value) ?? 'text'
}

function urlsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((url) => typeof url === 'string' && url !== '') : []
}

/** In the order of the urls: items are found by url, for either list may have lost an entry. */
function mediaOf(value: unknown, urls: readonly string[]): MediaItem[] {
  const items = Array.isArray(value) ? value.filter(isJsonObject) : []
  const byUrl = new Map(items.map((item) => [item.url, item]))
  return urls.flatMap((url) => {
    const item = byUrl.get(url)
    return item ? [mediaItem(url, item)] : []
  })
}

const mediaItem = (url: string, item: JsonObject): MediaItem => ({
  url,
  kind: textOf(item.kind) ?? 'document',
  mime: textOf(item.mime) ?? '',
  size: numberOf(item.size) ?? 0,
  filename: textOf(item.filename) ?? '',
  caption: textOf(item.caption) ?? '',
})

function quoteOf(value: JsonObject): NonNullable<MessageEvent['reply_to']> {
  const quote: NonNullable<MessageEvent['reply_to']> = {}
  assignTexts(quote, value, ['text', 'author'])
  if (typeof value.is_own === 'boolean') quote.is_own = value.is_own
  return quote
}

function contextItem(value: unknown): ContextItem[] {
  const text = isJsonObject(value) ? textOf(value.text) : undefined
  if (!isJsonObject(value) || !text) return []
  const source: ContextItem['source'] = {}
  if (isJsonObject(value.source)) assignTexts(source, value.source, ['user_name', 'user_id'])
  return [{ text, source }]
}

function pressOf(value: unknown): PromptResponse | undefined {
  if (!isJsonObject(value)) return undefined
  const { prompt_id, option_id } = value
  if (typeof prompt_id !== 'string' || typeof option_id !== 'string' || !prompt_id || !option_id)
    return undefined
  const press: PromptResponse = {
    prompt_id,
    option_id,
    prompt_message_id: textOrNull(value.prompt_message_id),
  }
  assignTexts(press, value, ['label'])
  return press
}
