import type { BotIdentity } from '../../protocol/index.js'
import type { InstanceKey } from '../../store/port.js'
import type { RelayDeps } from '../deps.js'

const rememberedMs = 86_400_000
const mostChats = 10_000
const mostSpeakers = 32

/** Who has spoken in which chat within a day, on this node: where there are several, each says its name (contract 8.6). */
export function createVoices({ ground, store }: Pick<RelayDeps, 'ground' | 'store'>) {
  const chats = new Map<string, Map<string, number>>()

  /** Others than `speaker` who spoke there lately. */
  const others = (chat: string, speaker: string): boolean => {
    const since = ground.clock.now() - rememberedMs
    return [...(chats.get(chat) ?? [])].some(([name, at]) => name !== speaker && at > since)
  }

  return {
    spoke(bot: BotIdentity, chatId: string, key: InstanceKey): void {
      const chat = chatOf(bot, chatId)
      const speakers = chats.get(chat) ?? new Map<string, number>()
      putLast(speakers, speakerOf(key), ground.clock.now(), mostSpeakers)
      putLast(chats, chat, speakers, mostChats)
    },

    /** What goes before a text of this instance; empty where nobody else speaks, or it has no name. */
    async prefix(bot: BotIdentity, chatId: string, key: InstanceKey): Promise<string> {
      if (!others(chatOf(bot, chatId), speakerOf(key))) return ''
      const name = (await store.instances.find(key))?.displayName
      return name ? `${name}: ` : ''
    },
  }
}
export type Voices = ReturnType<typeof createVoices>

const chatOf = ({ platform, botId }: BotIdentity, chatId: string): string =>
  JSON.stringify([platform, botId, chatId])
const speakerOf = ({ tenant, instanceId }: InstanceKey): string => JSON.stringify([tenant, instanceId])

/** The one that was put longest ago goes when there are too many. */
function putLast<V>(map: Map<string, V>, key: string, value: V, most: number): void {
  map.delete(key)
  map.set(key, value)
  if (map.size <= most) return
  const [oldest] = map.keys()
  if (oldest !== undefined) map.delete(oldest)
}
