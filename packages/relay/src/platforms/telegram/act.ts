// What the bot does.

import { limits as contract, cutText } from '../../protocol/index.js'
import { telegramLimits } from '../limits.js'
import type { PlatformAction, PlatformResult } from '../port.js'
import { toGrammySignal } from './api.js'
import type { Telegram } from './bot-context.js'
import { descriptionOf, toFailure } from './errors.js'
import { placeOf, prompt, renderedOrPlain, send, sendMedia, toId } from './send.js'

type Of<Op extends PlatformAction['op']> = Extract<PlatformAction, { op: Op }>

/** Does one thing, once. */
export async function perform(
  telegram: Telegram,
  action: PlatformAction,
  signal: AbortSignal,
): Promise<PlatformResult> {
  if (signal.aborted) return { outcome: 'failed', error: 'it was given up before it began' }
  try {
    return await act(telegram, action, signal)
  } catch (error) {
    return toFailure(error, telegram.clean)
  }
}

async function act(telegram: Telegram, action: PlatformAction, signal: AbortSignal): Promise<PlatformResult> {
  switch (action.op) {
    case 'send':
      return await send(telegram, action, signal)
    case 'send_media':
      return await sendMedia(telegram, action, signal)
    case 'prompt':
      return await prompt(telegram, action, signal)
    case 'edit':
      return await edit(telegram, action, signal)
    case 'delete':
      return await remove(telegram, action, signal)
    case 'typing':
      return await type(telegram, action, signal)
    case 'react':
      return await react(telegram, action, signal)
    case 'thread_create':
      return await createTopic(telegram, action, signal)
    case 'thread_rename':
      return await renameTopic(telegram, action, signal)
    case 'follow_up':
      return refused('Telegram has no interactions to follow up')
  }
}

async function edit({ api }: Telegram, action: Of<'edit'>, signal: AbortSignal): Promise<PlatformResult> {
  const id = toId(action.message_id)
  if (id === undefined) return refused('message to edit not found')
  const text = cutText(action.content, telegramLimits.messageLength, 'utf16')
  try {
    await renderedOrPlain(text, (shown, parse_mode) =>
      api.editMessageText(
        action.chat_id,
        id,
        shown,
        { ...(parse_mode && { parse_mode }) },
        toGrammySignal(signal),
      ),
    )
  } catch (error) {
    if (!descriptionOf(error).includes('message is not modified')) throw error
  }
  return { outcome: 'done', messageId: action.message_id }
}

async function remove({ api }: Telegram, action: Of<'delete'>, signal: AbortSignal): Promise<PlatformResult> {
  const id = toId(action.message_id)
  if (id === undefined) return { outcome: 'done' }
  try {
    await api.deleteMessage(action.chat_id, id, toGrammySignal(signal))
  } catch (error) {
    if (!descriptionOf(error).includes('message to delete not found')) throw error
  }
  return { outcome: 'done' }
}

async function type({ api }: Telegram, action: Of<'typing'>, signal: AbortSignal): Promise<PlatformResult> {
  // There is no status that could be cleared (5.4): it ends by itself.
  if (action.content !== '')
    await api.sendChatAction(action.chat_id, 'typing', placeOf(action), toGrammySignal(signal))
  return { outcome: 'done' }
}

async function react({ api }: Telegram, action: Of<'react'>, signal: AbortSignal): Promise<PlatformResult> {
  const id = toId(action.message_id)
  if (id === undefined) return refused('message to react to not found')
  // A bot has one reaction for a message, and sets it: that is the same however often it does.
  type Emoji = Extract<Parameters<typeof api.setMessageReaction>[2][number], { type: 'emoji' }>['emoji']
  // OUTSIDE: which emoji there are changes; Telegram refuses the others.
  const reaction = action.remove ? [] : [{ type: 'emoji' as const, emoji: action.emoji as Emoji }]
  await api.setMessageReaction(action.chat_id, id, reaction, {}, toGrammySignal(signal))
  return { outcome: 'done' }
}

async function createTopic(
  { api, topics }: Telegram,
  action: Of<'thread_create'>,
  signal: AbortSignal,
): Promise<PlatformResult> {
  const name = toName(action.thread_name)
  if (name === '') return refused('thread name is empty')
  const topic = await api.createForumTopic(action.chat_id, name, {}, toGrammySignal(signal))
  const threadId = String(topic.message_thread_id)
  topics.made(action.chat_id, threadId)
  return { outcome: 'done', threadId }
}

async function renameTopic(
  { api, topics }: Telegram,
  action: Of<'thread_rename'>,
  signal: AbortSignal,
): Promise<PlatformResult> {
  const { chat_id: chatId, message_id: threadId, only_if_connector_created, only_if_current_name } = action
  const id = toId(threadId)
  const name = toName(action.thread_name)
  if (id === undefined) return refused('thread not found')
  if (name === '') return refused('thread name is empty')
  if (only_if_connector_created) {
    if (!topics.isOwn(chatId, threadId)) return refused('thread is not known as this connector’s')
  } else if (only_if_current_name !== undefined) return refused('Telegram does not tell a topic’s name')
  await api.editForumTopic(chatId, id, { name }, toGrammySignal(signal))
  return { outcome: 'done' }
}

const refused = (error: string): PlatformResult => ({ outcome: 'refused', error })

/** As the contract has it (5.9). */
const toName = (name: string): string =>
  cutText(name.trim().replace(/\s+/g, ' '), contract.threadName, 'chars')
