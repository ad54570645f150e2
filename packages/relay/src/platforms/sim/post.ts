// What the bot says: messages with text, buttons and files.

import { cutText } from '../../protocol/index.js'
import type { MediaFile, PlatformAction, PlatformResult } from '../port.js'
import type { SimChat, SimMessage } from '../sim-port.js'
import type { SimEvent } from './events.js'
import { findTarget } from './places.js'
import type { Sim } from './sim.js'
import { numbered, toParts } from './text.js'

type Of<Op extends PlatformAction['op']> = Extract<PlatformAction, { op: Op }>
type Piece = { text: string; options?: SimMessage['options']; file?: MediaFile }

export const noChat: PlatformResult = { outcome: 'refused', error: 'chat not found' }

export async function send(sim: Sim, action: Of<'send'>): Promise<PlatformResult> {
  if (action.content.trim() === '') return { outcome: 'refused', error: 'message text is empty' }
  const pieces = toParts(sim, action.content).map((text) => ({ text }))
  return await post(sim, action, pieces)
}

export async function sendMedia(sim: Sim, action: Of<'send_media'>): Promise<PlatformResult> {
  const { file, content } = action
  if (file.bytes.length > sim.limits.mediaBytes) return { outcome: 'refused', error: 'the file is too large' }
  const caption = toParts(sim, content)
  const [only = ''] = caption
  const fits =
    caption.length === 1 && cutText(only, sim.limits.captionLength, sim.descriptor.len_unit) === only
  if (fits) return await post(sim, action, [{ text: only, file }])
  return await post(sim, action, [{ text: '', file }, ...caption.map((text) => ({ text }))])
}

export async function prompt(sim: Sim, action: Of<'prompt'>): Promise<PlatformResult> {
  const { content, controls } = action
  const { promptButtons, buttonLabel } = sim.limits
  if (controls.length > promptButtons) {
    const pieces = toParts(sim, numbered(content, controls)).map((text) => ({ text }))
    return await post(sim, action, pieces, 'text')
  }
  const options = controls.map((control) => ({
    ...control,
    label: cutText(control.label, buttonLabel, 'chars'),
  }))
  const parts = toParts(sim, content)
  const pieces = parts.map((text, index) => (index === parts.length - 1 ? { text, options } : { text }))
  return await post(sim, action, pieces)
}

/** Posts in one unit, so that it is all there or not at all. */
async function post(
  sim: Sim,
  action: Of<'send' | 'send_media' | 'prompt'>,
  pieces: readonly Piece[],
  rung?: 'text',
): Promise<PlatformResult> {
  const chat = findTarget(sim.feed.world, action)
  if (!chat) return noChat
  const asked = action.reply_to ?? null
  const replied = asked === null ? undefined : sim.feed.world.message(chat.id, asked)
  const replyTo = replied && !replied.isDeleted ? replied.id : null
  const events = pieces.map((piece, index) => posted(sim, chat, piece, index === 0 ? replyTo : null))
  await sim.feed.commit(events)

  const isUnreplied = asked !== null && replyTo === null
  const how = rung ?? (isUnreplied ? 'unreplied' : pieces.length > 1 ? 'split' : undefined)
  // A press names the message with the buttons: that is the question's, wherever it stands.
  const { message } = events.find((event) => event.message.options.length > 0) ?? events[0]!
  return { outcome: 'done', messageId: message.id, ...(how && { rung: how }) }
}

/** A message of the bot's own. */
export function posted(
  { clock, ids }: Sim,
  chat: SimChat,
  { text, options = [], file }: Piece,
  replyTo: string | null,
): Extract<SimEvent, { type: 'sim.message.posted' }> {
  const media = file && [{ filename: file.filename, mime: file.mime, size: file.bytes.length }]
  const message: SimMessage = {
    id: ids.next('msg'),
    chatId: chat.id,
    userId: null,
    text,
    at: clock.now(),
    isEdited: false,
    isDeleted: false,
    replyTo,
    options,
    media: media ?? [],
    reactions: [],
  }
  const files = file && [Buffer.from(file.bytes).toString('base64')]
  return { type: 'sim.message.posted', message, ...(files && { files }) }
}
