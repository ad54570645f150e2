import { limits } from '../../protocol/index.js'
import type { PlatformBot } from '../port.js'
import type { Sim } from './sim.js'

/** What can be asked about chats. */
export function createReads({
  feed,
}: Sim): Pick<PlatformBot, 'chatInfo'> & Required<Pick<PlatformBot, 'context'>> {
  return {
    chatInfo: async (chatId) => {
      await feed.ready()
      const chat = feed.world.chats.get(chatId)?.chat
      if (!chat) return undefined
      const { name, type, scopeId } = chat
      return { name, type, ...(scopeId !== null && { scopeId }) }
    },
    context: async ({ chatId }, before) => {
      await feed.ready()
      const known = feed.world.chatOf(chatId, before)
      if (!known || known.chat.type === 'dm') return []
      const all = [...known.messages.values()].map(({ message }) => message)
      const at = all.findIndex(({ id }) => id === before)
      return all
        .slice(0, at === -1 ? all.length : at)
        .filter(({ text, isDeleted, userId }) => text !== '' && !isDeleted && userId !== null)
        .slice(-limits.contextItems)
        .map(({ text, userId }) => toContext(feed.world.users.get(userId ?? ''), text, userId ?? ''))
    },
  }
}

const toContext = (user: { name: string } | undefined, text: string, userId: string) => ({
  text,
  userId,
  ...(user && { userName: user.name }),
})
