// What the bot does.

import { cutText } from '../../protocol/index.js'
import { discordLimits } from '../limits.js'
import type { PlatformAction, PlatformResult } from '../port.js'
import type { Route } from './api.js'
import type { Discord } from './discord.js'
import { codes, isRefusedWith } from './errors.js'
import { followUp } from './follow-up.js'
import { isId, type Message } from './objects.js'
import { emptyText, noChat, noMessage, quiet, refused } from './results.js'
import { prompt, send, sendMedia, targetOf } from './send.js'
import { createThread, renameThread } from './threads.js'

type Of<Op extends PlatformAction['op']> = Extract<PlatformAction, { op: Op }>

/** Does one thing, once. Never throws for what Discord answers. */
export async function perform(
  discord: Discord,
  action: PlatformAction,
  signal: AbortSignal,
): Promise<PlatformResult> {
  switch (action.op) {
    case 'send':
      return await send(discord, action, signal)
    case 'send_media':
      return await sendMedia(discord, action, signal)
    case 'prompt':
      return await prompt(discord, action, signal)
    case 'edit':
      return await edit(discord, action, signal)
    case 'delete':
      return await remove(discord, action, signal)
    case 'typing':
      return await type(discord, action, signal)
    case 'react':
      return await react(discord, action, signal)
    case 'thread_create':
      return await createThread(discord, action, signal)
    case 'thread_rename':
      return await renameThread(discord, action, signal)
    case 'follow_up':
      return await followUp(discord, action, signal)
  }
}

/** Undefined when the ids are none of Discord's. */
function routeOf({ chat_id, message_id }: Of<'edit' | 'delete' | 'react'>): Route | undefined {
  return isId(chat_id) && isId(message_id) ? `/channels/${chat_id}/messages/${message_id}` : undefined
}

async function edit({ api }: Discord, action: Of<'edit'>, signal: AbortSignal): Promise<PlatformResult> {
  const route = routeOf(action)
  if (!route) return noMessage
  const content = cutText(action.content, discordLimits.messageLength, 'chars')
  if (content.trim() === '') return emptyText
  const answer = await api.call<Message>({ method: 'PATCH', route, body: { content, ...quiet } }, signal)
  if (answer.outcome !== 'ok') return answer
  const isCut = content !== action.content
  return { outcome: 'done', messageId: action.message_id, ...(isCut && { rung: 'cut' }) }
}

async function remove({ api }: Discord, action: Of<'delete'>, signal: AbortSignal): Promise<PlatformResult> {
  const route = routeOf(action)
  if (!route) return noMessage
  const answer = await api.call({ method: 'DELETE', route }, signal)
  if (answer.outcome === 'ok' || isRefusedWith(answer, codes.unknownMessage)) return { outcome: 'done' }
  return answer
}

async function type(discord: Discord, action: Of<'typing'>, signal: AbortSignal): Promise<PlatformResult> {
  // There is no status that could be cleared (5.4): it ends by itself.
  if (action.content === '') return { outcome: 'done' }
  const chatId = await targetOf(discord, action)
  if (chatId === undefined) return noChat
  const answer = await discord.api.call({ method: 'POST', route: `/channels/${chatId}/typing` }, signal)
  return answer.outcome === 'ok' ? { outcome: 'done' } : answer
}

const longestEmoji = 64

async function react({ api }: Discord, action: Of<'react'>, signal: AbortSignal): Promise<PlatformResult> {
  const { emoji, remove: isRemoved = false } = action
  const route = routeOf(action)
  if (!route) return noMessage
  // Dots would be a step in the route, and half a character can't be put into one.
  if (emoji.length > longestEmoji || /^[\s.]*$|\p{Surrogate}/u.test(emoji)) return refused('unknown emoji')
  const answer = await api.call(
    {
      method: isRemoved ? 'DELETE' : 'PUT',
      route: `${route}/reactions/${encodeURIComponent(emoji)}/@me`,
    },
    signal,
  )
  if (answer.outcome === 'ok') return { outcome: 'done' }
  const isGone = isRemoved && isRefusedWith(answer, codes.unknownEmoji, codes.unknownMessage)
  return isGone ? { outcome: 'done' } : answer
}
