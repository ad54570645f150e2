// What the bot says: messages with text, buttons and files.

import { ButtonStyle, ComponentType } from 'discord-api-types/v10'
import { cutText, splitText, textLength } from '../../protocol/index.js'
import { discordLimits } from '../limits.js'
import type { MediaFile, PlatformAction, PlatformResult, PromptControl } from '../port.js'
import type { Discord } from './discord.js'
import type { Failure } from './errors.js'
import { isId, type Message } from './objects.js'
import { emptyText, noChat, quiet, refused } from './results.js'

type Of<Op extends PlatformAction['op']> = Extract<PlatformAction, { op: Op }>
type Posting = Of<'send' | 'send_media' | 'prompt'>
type Piece = { content: string; components?: unknown[]; file?: MediaFile }

export async function send(
  discord: Discord,
  action: Of<'send'>,
  signal: AbortSignal,
): Promise<PlatformResult> {
  const pieces = toParts(action.content).map((content) => ({ content }))
  return pieces.length === 0 ? emptyText : await post(discord, action, pieces, signal)
}

export async function sendMedia(
  discord: Discord,
  action: Of<'send_media'>,
  signal: AbortSignal,
): Promise<PlatformResult> {
  const { file, content } = action
  if (file.bytes.length > discordLimits.mediaBytes) return refused('the file is too large')
  const fits = textLength(content, 'chars') <= discordLimits.captionLength
  const pieces: Piece[] = fits
    ? [{ content: content.trim(), file }]
    : [{ content: '', file }, ...toParts(content).map((text) => ({ content: text }))]
  return await post(discord, action, pieces, signal)
}

export async function prompt(
  discord: Discord,
  action: Of<'prompt'>,
  signal: AbortSignal,
): Promise<PlatformResult> {
  const { content, controls } = action
  const isNative = controls.length <= discordLimits.promptButtons
  const parts = toParts(isNative ? content : numbered(content, controls))
  const last = parts.length - 1
  const pieces = parts.map((text, n): Piece => {
    return { content: text, ...(isNative && n === last && { components: toRows(controls) }) }
  })
  if (pieces.length === 0) return emptyText
  const result = await post(discord, action, pieces, signal)
  return result.outcome === 'done' && !isNative ? { ...result, rung: 'text' } : result
}

/** The text as messages that Discord takes. It takes none that is only space. */
export const toParts = (content: string): string[] =>
  splitText(content, discordLimits.messageLength, 'chars').filter((part) => part.trim() !== '')

const numbered = (content: string, controls: readonly { label: string }[]): string =>
  [content, ...controls.map(({ label }, n) => `${n + 1}. ${label}`)].join('\n')

const buttonsInARow = 5
const styles = {
  primary: ButtonStyle.Primary,
  success: ButtonStyle.Success,
  danger: ButtonStyle.Danger,
  secondary: ButtonStyle.Secondary,
} as const

// https://docs.discord.com/developers/components/reference#action-row
function toRows(controls: readonly PromptControl[]): unknown[] {
  const buttons = controls.map(({ id, label, style = 'secondary', token }) => ({
    type: ComponentType.Button,
    style: styles[style],
    label: cutText(label.trim() || id, discordLimits.buttonLabel, 'utf16'),
    custom_id: token,
  }))
  return Array.from({ length: Math.ceil(buttons.length / buttonsInARow) }, (_, n) => ({
    type: ComponentType.ActionRow,
    components: buttons.slice(n * buttonsInARow, (n + 1) * buttonsInARow),
  }))
}

/** Posts one after another. Answers the message with the buttons, else the first. */
async function post(
  discord: Discord,
  action: Posting,
  pieces: readonly Piece[],
  signal: AbortSignal,
): Promise<PlatformResult> {
  const chatId = await targetOf(discord, action)
  if (chatId === undefined) return noChat
  let main: string | undefined
  for (const [n, { content, components, file }] of pieces.entries()) {
    const answer = await discord.api.call<Message>(
      {
        method: 'POST',
        route: `/channels/${chatId}/messages`,
        body: { content, ...quiet, ...(components && { components }), ...(n === 0 && replyOf(action)) },
        ...(file && { files: [{ name: file.filename, data: file.bytes, contentType: file.mime }] }),
      },
      signal,
    )
    if (answer.outcome !== 'ok') return n === 0 ? answer : partly(n, pieces.length, answer)
    if (n === 0 || components) main = answer.value.id
  }
  return { outcome: 'done', messageId: main, ...(pieces.length > 1 && { rung: 'split' }) }
}

/** What was said already can't be taken back by trying again. */
export function partly(done: number, of: number, failure: Failure): PlatformResult {
  const why = failure.outcome === 'limited' ? 'Discord was asked too often' : failure.error
  return { outcome: 'ambiguous', error: `${done} of ${of} messages were sent: ${why}` }
}

function replyOf({ reply_to: messageId }: Posting) {
  if (!messageId || !isId(messageId)) return {}
  return { message_reference: { message_id: messageId, fail_if_not_exists: false } }
}

/** Where it is said: in a thread, when the metadata names one of that very chat. Undefined when it is no chat of Discord's. */
export async function targetOf(
  { lookups }: Discord,
  { chat_id: chatId, metadata }: Pick<Posting, 'chat_id' | 'metadata'>,
): Promise<string | undefined> {
  if (!isId(chatId)) return undefined
  const threadId = metadata?.thread_id
  if (typeof threadId !== 'string' || threadId === chatId || !isId(threadId)) return chatId
  const thread = await lookups.channel(threadId)
  // INVARIANT: the caller may speak in `chat_id`; a thread of another channel is none of theirs.
  return thread.outcome === 'found' && thread.value.parent_id === chatId ? threadId : chatId
}
