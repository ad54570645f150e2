import { ChannelType } from 'discord-api-types/v10'
import { cutText, limits } from '../../protocol/index.js'
import type { PlatformAction, PlatformResult } from '../port.js'
import type { Call } from './api.js'
import type { Discord } from './discord.js'
import { type Channel, isForum, isId, isThread } from './objects.js'
import { noChat, noMessage, quiet, refused } from './results.js'

type Of<Op extends PlatformAction['op']> = Extract<PlatformAction, { op: Op }>

/** As the contract has it (5.9). */
const toName = (name: string): string => cutText(name.trim().replace(/\s+/g, ' '), limits.threadName, 'chars')

export async function createThread(
  discord: Discord,
  { chat_id: chatId, message_id: anchor, thread_name }: Of<'thread_create'>,
  signal: AbortSignal,
): Promise<PlatformResult> {
  const name = toName(thread_name)
  if (!isId(chatId)) return noChat
  if (name === '') return refused('thread name is empty')
  if (anchor !== undefined && !isId(anchor)) return noMessage
  const call: Call =
    anchor === undefined
      ? { method: 'POST', route: `/channels/${chatId}/threads`, body: await bodyIn(discord, chatId, name) }
      : { method: 'POST', route: `/channels/${chatId}/messages/${anchor}/threads`, body: { name } }
  const made = await discord.api.call<Channel>(call, signal)
  if (made.outcome !== 'ok') return made
  discord.threads.named(made.value.id, made.value.name ?? name)
  return { outcome: 'done', threadId: made.value.id, ...(anchor !== undefined && { messageId: anchor }) }
}

/** A forum's threads begin with a message, and those of an announcement channel are of their own type. */
async function bodyIn({ lookups }: Discord, chatId: string, name: string): Promise<object> {
  const parent = await lookups.channel(chatId)
  if (parent.outcome === 'found' && isForum(parent.value))
    return { name, message: { content: name, ...quiet } }
  const isNews = parent.outcome === 'found' && parent.value.type === ChannelType.GuildAnnouncement
  return { name, type: isNews ? ChannelType.AnnouncementThread : ChannelType.PublicThread }
}

export async function renameThread(
  { api, threads }: Discord,
  action: Of<'thread_rename'>,
  signal: AbortSignal,
): Promise<PlatformResult> {
  const { chat_id: chatId, message_id: threadId } = action
  const name = toName(action.thread_name)
  if (!isId(chatId) || !isId(threadId)) return refused('thread not found')
  if (name === '') return refused('thread name is empty')
  const current = await api.call<Channel>({ method: 'GET', route: `/channels/${threadId}` }, signal)
  // Nothing was changed yet, whatever became of the reading.
  if (current.outcome === 'ambiguous') return { outcome: 'failed', error: current.error }
  if (current.outcome !== 'ok') return current
  const thread = current.value
  // INVARIANT: the caller may speak in `chat_id`; a channel elsewhere, or one that is no thread, is none of theirs.
  const isTheirs = isThread(thread) && (thread.parent_id === chatId || thread.id === chatId)
  if (!isTheirs) return refused('thread not found')
  const refusal = guardOf(action, thread, threads.nameOf(threadId))
  if (refusal !== undefined) return refused(refusal)
  const renamed = await api.call<Channel>(
    { method: 'PATCH', route: `/channels/${threadId}`, body: { name } },
    signal,
  )
  if (renamed.outcome !== 'ok') return renamed
  if (threads.nameOf(threadId) !== undefined) threads.named(threadId, renamed.value.name ?? name)
  return { outcome: 'done' }
}

/** Why it must not be renamed; undefined when it may. */
function guardOf(
  { only_if_connector_created, only_if_current_name }: Of<'thread_rename'>,
  { name }: Channel,
  ownName: string | undefined,
): string | undefined {
  if (only_if_connector_created)
    return ownName !== undefined && ownName === name ? undefined : 'thread was not made and named by this bot'
  if (only_if_current_name === undefined || only_if_current_name === name) return undefined
  return 'thread has another name'
}
