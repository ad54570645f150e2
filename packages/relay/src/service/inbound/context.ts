import type { ContextMessage, PlatformMessage } from '../../platforms/port.js'
import { type ContextItem, cutText, limits, type MessageEvent } from '../../protocol/index.js'
import type { OpenBot, RelayDeps } from '../deps.js'
import { readLinkCommand } from '../links/index.js'
import { askView, inTime } from '../routing/index.js'

/** What was said before, as one receiver may see it. */
export type ContextMembers = Pick<MessageEvent, 'context' | 'context_error'>

const fetchMs = 3_000
/** LIMIT: one long message must not push all the others out. */
const itemChars = 2_000
const failed: ContextMembers = { context: [], context_error: true }

/**
 * Answers what a receiver is told of what was said before: only what the owner by whom it sees the chat may view at this moment
 * (contract 4.3). The platform is asked once. It never breaks a delivery.
 */
export function contextFor(
  deps: RelayDeps,
  open: OpenBot,
  message: PlatformMessage,
): (viewer: string | undefined) => Promise<ContextMembers> {
  const { bot } = open
  if (!bot.descriptor.supports_context || !bot.context || message.chat.type === 'dm') return async () => ({})
  let fetched: Promise<ContextItem[] | undefined> | undefined
  return async (viewer) => {
    if (viewer === undefined) return { context: [] }
    const known = await askView(deps, bot, viewer, message)
    if (known === 'no') return { context: [] }
    fetched ??= fetchItems(deps, open, message)
    const context = known === 'yes' ? await fetched : undefined
    if (!context) deps.tally.count('context.failed')
    return context ? { context } : failed
  }
}

async function fetchItems(
  { ground }: RelayDeps,
  { bot }: OpenBot,
  { chat, messageId }: PlatformMessage,
): Promise<ContextItem[] | undefined> {
  const place = { chatId: chat.id, scopeId: chat.scopeId }
  try {
    return itemsOf(await inTime(ground.clock, fetchMs, () => bot.context!(place, messageId)))
  } catch {
    // Whatever went wrong: the message goes on without, and its receivers learn that something is missing.
    return undefined
  }
}

/** The latest that fit in 8 KiB, at most 20, oldest first. A code for `/link` is for no agent. */
export function itemsOf(messages: readonly ContextMessage[]): ContextItem[] {
  const said = messages.filter(({ text }) => text.trim() !== '' && readLinkCommand(text) === undefined)
  const items: ContextItem[] = []
  let left: number = limits.contextBytes
  for (const message of said.slice(-limits.contextItems).reverse()) {
    const item = toItem(message)
    left -= Buffer.byteLength(JSON.stringify(item)) + 1
    if (left < 0) break
    items.unshift(item)
  }
  return items
}

const toItem = ({ text, userId, userName }: ContextMessage): ContextItem => ({
  text: cutText(text, itemChars, 'chars'),
  source: { ...(userName !== undefined && { user_name: cutText(userName, 100, 'chars') }), user_id: userId },
})
