// Which of the fronted bots an action is for. Actions do not say so: it is known by where events came from.

import type { ActionMetadata, BotIdentity, MessageEvent, OutboundAction } from '../protocol/index.js'

export interface Targets {
  noticed(event: MessageEvent): void
  /** Empty: the connector's default. */
  of(action: OutboundAction): Partial<BotIdentity>
}

/** LIMIT: chats that are remembered; the oldest is forgotten first. */
const maxChats = 10_000

export function createTargets(identities: readonly BotIdentity[]): Targets {
  const platforms = new Map<string, string>()
  const remember = (key: string, platform: string) => {
    platforms.delete(key)
    platforms.set(key, platform)
    for (const oldest of platforms.keys()) {
      if (platforms.size <= maxChats) return
      platforms.delete(oldest)
    }
  }
  const fronted = (platform: string | undefined) =>
    identities.find((identity) => identity.platform === platform) ?? {}

  return {
    noticed: ({ source: { platform, chat_id, user_id } }) => {
      // Ids are unique on their platform only: the author tells apart what happens to have the same.
      if (user_id) remember(keyOf(chat_id, user_id), platform)
      remember(chat_id, platform)
    },
    of: (action) => {
      if (action.op === 'follow_up') return fronted(action.kind.split('.')[0])
      const { user_id: userId } = (action.metadata ?? {}) as ActionMetadata
      const known = userId ? platforms.get(keyOf(action.chat_id, userId)) : undefined
      return fronted(known ?? platforms.get(action.chat_id))
    },
  }
}

const keyOf = (chatId: string, userId: string): string => JSON.stringify([chatId, userId])
