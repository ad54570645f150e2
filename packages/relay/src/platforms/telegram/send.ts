// What the bot says.

import { InputFile } from 'grammy'
import type { InlineKeyboardMarkup, Message } from 'grammy/types'
import { cutText, splitText } from '../../protocol/index.js'
import { telegramLimits as limits } from '../limits.js'
import type { PlatformAction, PlatformResult } from '../port.js'
import { toGrammySignal } from './api.js'
import type { Telegram } from './bot-context.js'
import { descriptionOf } from './errors.js'
import { renderMarkdown } from './render.js'

type Of<Op extends PlatformAction['op']> = Extract<PlatformAction, { op: Op }>
type Saying = Of<'send' | 'send_media' | 'prompt'>
type Extra = { reply_markup?: InlineKeyboardMarkup }

export const send = async (
  telegram: Telegram,
  action: Of<'send'>,
  signal: AbortSignal,
): Promise<PlatformResult> =>
  action.content.trim() === ''
    ? { outcome: 'refused', error: 'message text is empty' }
    : await sendParts(telegram, action, action.content, signal)

export async function prompt(
  telegram: Telegram,
  action: Of<'prompt'>,
  signal: AbortSignal,
): Promise<PlatformResult> {
  const { content, controls } = action
  if (controls.length > limits.promptButtons) {
    const list = controls.map(({ label }, index) => `${index + 1}. ${label}`)
    const result = await sendParts(telegram, action, [content, ...list].join('\n'), signal)
    return result.outcome === 'done' ? { ...result, rung: 'text' } : result
  }
  const inline_keyboard = controls.map(({ label, token }) => [
    { text: cutText(label, limits.buttonLabel, 'utf16'), callback_data: token },
  ])
  return await sendParts(telegram, action, content, signal, { reply_markup: { inline_keyboard } })
}

export async function sendMedia(
  telegram: Telegram,
  action: Of<'send_media'>,
  signal: AbortSignal,
): Promise<PlatformResult> {
  const { file, content } = action
  if (file.bytes.length > limits.mediaBytes) return { outcome: 'refused', error: 'the file is too large' }
  const fits = content.length <= limits.captionLength
  const message = await upload(telegram, action, fits ? content : '', signal)
  const messageId = String(message.message_id)
  if (fits) return { outcome: 'done', messageId }
  const rest = await sendParts(telegram, { ...action, reply_to: null }, content, signal).catch(() => partly)
  return rest.outcome === 'done' ? { outcome: 'done', messageId, rung: 'split' } : partly
}

async function upload(
  { api }: Telegram,
  action: Of<'send_media'>,
  caption: string,
  signal: AbortSignal,
): Promise<Message> {
  const { chat_id, media_kind, file } = action
  const options = { ...placeOf(action), ...replyOf(action), ...(caption !== '' && { caption }) }
  // OUTSIDE: grammY writes the name into a header as it is.
  const input = new InputFile(file.bytes, file.filename.replace(/[\r\n";]/g, '_'))
  const until = toGrammySignal(signal)
  const by = {
    image: () => api.sendPhoto(chat_id, input, options, until),
    voice: () => api.sendVoice(chat_id, input, options, until),
    audio: () => api.sendAudio(chat_id, input, options, until),
    video: () => api.sendVideo(chat_id, input, options, until),
    document: () => api.sendDocument(chat_id, input, options, until),
  }
  try {
    return await by[media_kind]()
  } catch (error) {
    // What Telegram does not take as a picture or a film it takes as a file.
    const isForm = /photo_|image_process|wrong type|voice_messages_forbidden/.test(descriptionOf(error))
    if (media_kind === 'document' || !isForm) throw error
    return await by.document()
  }
}

/** Sends a text as one message or several. `extra` goes with the last one. Answers the first id; with `extra` the last. */
async function sendParts(
  telegram: Telegram,
  action: Saying,
  text: string,
  signal: AbortSignal,
  extra: Extra = {},
): Promise<PlatformResult> {
  const parts = splitText(text, limits.messageLength, 'utf16')
  const sent: Message[] = []
  for (const [index, part] of parts.entries()) {
    const isLast = index === parts.length - 1
    const options = { ...placeOf(action), ...(index === 0 && replyOf(action)), ...(isLast && extra) }
    try {
      sent.push(await sendText(telegram, action.chat_id, part, options, signal))
    } catch (error) {
      if (index === 0) throw error
      return partly
    }
  }
  const [first] = sent
  const named = extra.reply_markup ? sent.at(-1) : first
  const isUnreplied = replyOf(action) !== undefined && !first?.reply_to_message
  const rung = isUnreplied ? 'unreplied' : sent.length > 1 ? 'split' : undefined
  return { outcome: 'done', messageId: String(named?.message_id), ...(rung && { rung }) }
}

/** A part of it is there: sending it again would say that twice. */
const partly: PlatformResult = { outcome: 'ambiguous', error: 'only a part of the text was sent' }

async function sendText(
  { api }: Telegram,
  chatId: string,
  text: string,
  options: object,
  signal: AbortSignal,
): Promise<Message> {
  return await renderedOrPlain(text, (shown, parse_mode) =>
    api.sendMessage(chatId, shown, { ...options, ...(parse_mode && { parse_mode }) }, toGrammySignal(signal)),
  )
}

/** As markup, or as it is when Telegram finds the markup wrong or, with its escapes, too long. */
export async function renderedOrPlain<T>(
  text: string,
  call: (text: string, parseMode?: 'MarkdownV2') => Promise<T>,
): Promise<T> {
  try {
    return await call(renderMarkdown(text), 'MarkdownV2')
  } catch (error) {
    if (!/can't parse entities|too long/.test(descriptionOf(error))) throw error
    return await call(text)
  }
}

/** Where in its chat: a topic. */
export function placeOf({ metadata }: { metadata?: { thread_id?: unknown } }): {
  message_thread_id?: number
} {
  const thread = toId(metadata?.thread_id)
  return thread === undefined ? {} : { message_thread_id: thread }
}

function replyOf({ reply_to }: Saying) {
  const message_id = toId(reply_to)
  return message_id === undefined
    ? undefined
    : { reply_parameters: { message_id, allow_sending_without_reply: true } }
}

/** Telegram's ids of messages and topics are numbers; others are none of its. */
export function toId(id: unknown): number | undefined {
  if (typeof id !== 'string' || !/^\d{1,15}$/.test(id)) return undefined
  return Number(id)
}
