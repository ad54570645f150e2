// What the bot does, besides saying something.

import { cutText } from '../../protocol/index.js'
import type { PlatformAction, PlatformResult } from '../port.js'
import type { SimChat } from '../sim-port.js'
import { findInteraction } from './interactions.js'
import { findTarget } from './places.js'
import { noChat, posted, prompt, send, sendMedia } from './post.js'
import type { Sim } from './sim.js'
import { escapeMentions, toParts, toThreadName } from './text.js'

type Of<Op extends PlatformAction['op']> = Extract<PlatformAction, { op: Op }>

/** How long a typing indicator shows, in milliseconds. */
const typingMs = 5_000

/** Does what was asked, when it is possible. Rejects only for faults of the log. */
export async function act(sim: Sim, action: PlatformAction): Promise<PlatformResult> {
  switch (action.op) {
    case 'send':
      return await send(sim, action)
    case 'send_media':
      return await sendMedia(sim, action)
    case 'prompt':
      return await prompt(sim, action)
    case 'edit':
      return await edit(sim, action)
    case 'delete':
      return await remove(sim, action)
    case 'typing':
      return type(sim, action)
    case 'react':
      return await react(sim, action)
    case 'thread_create':
      return await createThread(sim, action)
    case 'thread_rename':
      return await renameThread(sim, action)
    case 'follow_up':
      return await followUp(sim, action)
  }
}

async function edit(sim: Sim, action: Of<'edit'>): Promise<PlatformResult> {
  const message = findMessage(sim, action)
  if (!message || message.isDeleted) return refused('message to edit not found')
  if (message.userId !== null) return refused('message can not be edited')
  const text = cutText(escapeMentions(action.content), sim.limits.messageLength, sim.descriptor.len_unit)
  await sim.feed.commit([{ type: 'sim.message.edited', chatId: message.chatId, messageId: message.id, text }])
  return { outcome: 'done', messageId: message.id }
}

async function remove(sim: Sim, action: Of<'delete'>): Promise<PlatformResult> {
  const message = findMessage(sim, action)
  if (!message || message.isDeleted) return { outcome: 'done' }
  if (message.userId !== null) return refused('message can not be deleted')
  await sim.feed.commit([{ type: 'sim.message.deleted', chatId: message.chatId, messageId: message.id }])
  return { outcome: 'done' }
}

function type({ feed, clock }: Sim, action: Of<'typing'>): PlatformResult {
  const chat = findTarget(feed.world, action)
  if (!chat) return noChat
  // There is no status that could be cleared (5.4).
  if (action.content !== '') feed.signal(JSON.stringify({ chatId: chat.id, until: clock.now() + typingMs }))
  return { outcome: 'done' }
}

async function react(sim: Sim, action: Of<'react'>): Promise<PlatformResult> {
  const message = findMessage(sim, action)
  if (!message || message.isDeleted) return refused('message to react to not found')
  const { chatId, id: messageId } = message
  const by = sim.identity.botId
  const isRemoved = action.remove ?? false
  const isThere = message.reactions.some((one) => one.emoji === action.emoji && one.by === by)
  if (isThere === isRemoved)
    await sim.feed.commit([
      { type: 'sim.reaction.set', chatId, messageId, emoji: action.emoji, by, isRemoved },
    ])
  return { outcome: 'done' }
}

async function createThread(sim: Sim, action: Of<'thread_create'>): Promise<PlatformResult> {
  const { world } = sim.feed
  const parent = world.chats.get(action.chat_id)?.chat
  if (!parent) return noChat
  const canHave = sim.identity.platform === 'telegram' ? ['forum'] : ['group', 'forum']
  if (!canHave.includes(parent.type)) return refused('threads can not be created here')
  const name = toThreadName(action.thread_name)
  if (name === '') return refused('thread name is empty')
  const anchor = action.message_id
  if (anchor !== undefined && !world.message(parent.id, anchor)) return refused('message not found')
  const chat: SimChat = {
    id: sim.ids.next('thread'),
    type: 'thread',
    name,
    scopeId: parent.scopeId,
    parentId: parent.id,
    members: parent.members,
  }
  await sim.feed.commit([{ type: 'sim.chat.set', chat, byBot: true }])
  return { outcome: 'done', threadId: chat.id, ...(anchor !== undefined && { messageId: anchor }) }
}

async function renameThread(sim: Sim, action: Of<'thread_rename'>): Promise<PlatformResult> {
  const known = sim.feed.world.chats.get(action.message_id)
  if (known?.chat.type !== 'thread' || known.chat.parentId !== action.chat_id)
    return refused('thread not found')
  const name = toThreadName(action.thread_name)
  if (name === '') return refused('thread name is empty')
  if (action.only_if_connector_created) {
    if (known.botName !== known.chat.name) return refused('thread was not created by this connector')
  } else if (action.only_if_current_name !== undefined && action.only_if_current_name !== known.chat.name)
    return refused('thread has another name')
  await sim.feed.commit([{ type: 'sim.chat.renamed', chatId: known.chat.id, name }])
  return { outcome: 'done' }
}

async function followUp(sim: Sim, action: Of<'follow_up'>): Promise<PlatformResult> {
  const { world } = sim.feed
  const interaction = findInteraction(sim.identity, world, action.secret, sim.clock.now())
  const chat = world.chats.get(interaction?.chatId ?? '')?.chat
  if (!interaction || !chat) return refused('unknown interaction')
  const [first = '', ...rest] = toParts(sim, action.content)
  const { placeholderId } = interaction
  const posts = rest.map((text) => posted(sim, chat, { text }, null))
  if (action.isFirst && placeholderId !== null) {
    const edited = { chatId: chat.id, messageId: placeholderId, text: first }
    await sim.feed.commit([{ type: 'sim.message.edited', ...edited }, ...posts])
    return { outcome: 'done', messageId: placeholderId }
  }
  const post = posted(sim, chat, { text: first }, null)
  await sim.feed.commit([post, ...posts])
  return { outcome: 'done', messageId: post.message.id }
}

const refused = (error: string): PlatformResult => ({ outcome: 'refused', error })

function findMessage({ feed }: Sim, { chat_id, message_id }: Of<'edit' | 'delete' | 'react'>) {
  return feed.world.chatOf(chat_id, message_id)?.messages.get(message_id)?.message
}
