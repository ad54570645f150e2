import type { BotCommand } from '../port.js'
import type { SimChat, SimMessage, SimScope, SimUser } from '../sim-port.js'
import type { SimEvent, SimInteraction, SimUpdate } from './events.js'
import { simBounds } from './limits.js'

/** `seq`: the event that holds its files. */
export type WorldMessage = { message: SimMessage; seq: number }
export type WorldChat = {
  chat: SimChat
  /** The name that the bot gave; null: a person made or renamed it. */
  botName: string | null
  /** Oldest first; the newest 2,000. */
  messages: Map<string, WorldMessage>
}

/** A platform as its events have made it. The same events make the same world on every node. */
export class World {
  readonly users = new Map<string, SimUser>()
  readonly scopes = new Map<string, SimScope>()
  readonly chats = new Map<string, WorldChat>()
  /** Not accepted yet, in the order in which they were made. */
  readonly updates = new Map<string, SimUpdate>()
  readonly interactions = new Map<string, SimInteraction>()
  commands: readonly BotCommand[] = []

  message(chatId: string, messageId: string): SimMessage | undefined {
    return this.chats.get(chatId)?.messages.get(messageId)?.message
  }

  /** The chat, or the one of its threads, that has the message: a topic's messages are named with its chat's id. */
  chatOf(chatId: string, messageId: string): WorldChat | undefined {
    const known = this.chats.get(chatId)
    if (!known || known.messages.has(messageId)) return known
    const threads = [...this.chats.values()].filter(({ chat }) => chat.parentId === chatId)
    return threads.find(({ messages }) => messages.has(messageId)) ?? known
  }

  apply(event: SimEvent, seq: number): void {
    switch (event.type) {
      case 'sim.user.set':
        set(this.users, event.user, event.ifAbsent)
        break
      case 'sim.scope.set':
        set(this.scopes, event.scope, event.ifAbsent)
        break
      case 'sim.chat.set':
        this.#setChat(event)
        break
      case 'sim.chat.renamed':
        this.#renamed(event)
        break
      case 'sim.member.joined':
        this.#joined(event)
        break
      case 'sim.message.posted':
        this.#posted(event.message, seq)
        break
      case 'sim.message.edited':
        this.#change(event, () => ({ text: event.text, isEdited: true }))
        break
      case 'sim.message.deleted':
        this.#change(event, () => ({ text: '', isDeleted: true, options: [], media: [] }))
        break
      case 'sim.reaction.set':
        this.#change(event, ({ reactions }) => ({ reactions: reacted(reactions, event) }))
        break
      case 'sim.interaction.created':
        this.interactions.set(event.interaction.id, event.interaction)
        keepNewest(this.interactions, simBounds.interactions)
        break
      case 'sim.update.made':
        this.updates.set(event.update.id, event.update)
        break
      case 'sim.update.accepted':
        this.updates.delete(event.updateId)
        break
      case 'sim.commands.set':
        this.commands = event.commands
        break
      case 'sim.faults.set':
        // What goes wrong is no part of the world: `Faults` listens.
        break
    }
  }

  clear(): void {
    for (const map of [this.users, this.scopes, this.chats, this.updates, this.interactions]) map.clear()
    this.commands = []
  }

  #setChat({ chat, ifAbsent, byBot }: Extract<SimEvent, { type: 'sim.chat.set' }>): void {
    const known = this.chats.get(chat.id)
    if (known && ifAbsent) return
    const botName = byBot ? chat.name : (known?.botName ?? null)
    this.chats.set(chat.id, { chat, botName, messages: known?.messages ?? new Map() })
  }

  #renamed({ chatId, name }: { chatId: string; name: string }): void {
    const known = this.chats.get(chatId)
    if (!known) return
    known.chat = { ...known.chat, name }
    if (known.botName !== null) known.botName = name
  }

  #joined({ userId, scopeId, chatId }: { userId: string; scopeId?: string; chatId?: string }): void {
    const scope = this.scopes.get(scopeId ?? '')
    if (scope && !scope.members.includes(userId))
      this.scopes.set(scope.id, { ...scope, members: [...scope.members, userId] })
    const known = this.chats.get(chatId ?? '')
    if (known?.chat.members && !known.chat.members.includes(userId))
      known.chat = { ...known.chat, members: [...known.chat.members, userId] }
  }

  #posted(message: SimMessage, seq: number): void {
    const known = this.chats.get(message.chatId)
    if (!known || known.messages.has(message.id)) return
    known.messages.set(message.id, { message, seq })
    keepNewest(known.messages, simBounds.messagesPerChat)
  }

  #change(
    { chatId, messageId }: { chatId: string; messageId: string },
    change: (message: SimMessage) => Partial<SimMessage>,
  ): void {
    const known = this.chats.get(chatId)?.messages.get(messageId)
    if (known) known.message = { ...known.message, ...change(known.message) }
  }
}

function set<T extends { id: string }>(map: Map<string, T>, value: T, ifAbsent: true | undefined): void {
  if (!ifAbsent || !map.has(value.id)) map.set(value.id, value)
}

function reacted(
  reactions: SimMessage['reactions'],
  { emoji, by, isRemoved }: { emoji: string; by: string; isRemoved: boolean },
): SimMessage['reactions'] {
  const others = reactions.filter((one) => one.emoji !== emoji || one.by !== by)
  return isRemoved ? others : [...others, { emoji, by }]
}

/** A map's order is the order in which its keys came. */
function keepNewest(map: Map<string, unknown>, most: number): void {
  for (const key of map.keys()) {
    if (map.size <= most) return
    map.delete(key)
  }
}
