// Who writes somewhere for the first time makes what is not there: the user, the chat, the scope.

import type { SimChat, SimControls } from '../sim-port.js'
import { refuse } from './checks.js'
import type { SimEvent } from './events.js'
import type { World } from './world.js'

type Entering = Pick<Parameters<SimControls['say']>[0], 'userId' | 'chatId' | 'chatType' | 'scopeId'>

/** The events that come before a message. Throws `relay.invalid_request` for somebody else's direct chat. */
export function entering(world: World, said: Entering): SimEvent[] {
  const { userId, chatId } = said
  const known = world.chats.get(chatId)?.chat
  if (known?.type === 'dm' && !known.members?.includes(userId))
    refuse('this is a direct chat of somebody else')
  const chat = known ?? newChat(world, said)
  return [
    ...(world.users.has(userId) ? [] : [aUser(userId)]),
    ...scopeEvents(world, chat.scopeId, userId),
    ...(known ? [] : [{ type: 'sim.chat.set', chat, ifAbsent: true } as const]),
    ...(chat.members && !chat.members.includes(userId)
      ? [{ type: 'sim.member.joined', userId, chatId } as const]
      : []),
  ]
}

const aUser = (id: string): SimEvent => ({ type: 'sim.user.set', user: { id, name: id }, ifAbsent: true })

function scopeEvents(world: World, scopeId: string | null, userId: string): SimEvent[] {
  if (scopeId === null) return []
  const known = world.scopes.get(scopeId)
  if (known?.members.includes(userId)) return []
  const scope = { id: scopeId, name: scopeId, members: [] }
  return [
    ...(known ? [] : [{ type: 'sim.scope.set', scope, ifAbsent: true } as const]),
    { type: 'sim.member.joined', userId, scopeId },
  ]
}

function newChat(world: World, { userId, chatId, chatType, scopeId = null }: Entering): SimChat {
  const type = chatType ?? (scopeId === null ? 'dm' : 'group')
  const isDirect = type === 'dm'
  return {
    id: chatId,
    type,
    name: isDirect ? (world.users.get(userId)?.name ?? userId) : chatId,
    scopeId: isDirect ? null : scopeId,
    parentId: null,
    // Without a scope nobody but the members says who may view it.
    members: isDirect || scopeId === null ? [userId] : null,
  }
}
