// What platforms deliver, for tests.

import type { PlatformForward, PlatformMessage, PlatformSink } from '../platforms/port.js'

/** A message of `u1` in `c1`, as a platform delivers it. */
export function aMessage(
  change: Partial<Omit<PlatformMessage, 'chat' | 'author'>> & {
    chat?: Partial<PlatformMessage['chat']>
    author?: Partial<PlatformMessage['author']>
  } = {},
): PlatformMessage {
  const { chat, author, ...rest } = change
  const messageId = rest.messageId ?? 'p1'
  return {
    dedupe: `message ${messageId}`,
    messageId,
    text: 'hello',
    messageType: 'text',
    addressesBot: true,
    isEdit: false,
    media: [],
    sentAt: 0,
    ...rest,
    chat: { ...aChat, ...chat },
    author: { ...anAuthor, ...author },
  }
}

/** A request that is passed on: `u1` uses a command in `c1`. */
export function aForward(
  change: Partial<Omit<PlatformForward, 'chat' | 'author'>> & {
    chat?: Partial<PlatformMessage['chat']>
    author?: Partial<PlatformMessage['author']>
  } = {},
): PlatformForward {
  const { chat, author, ...rest } = change
  const body = { type: 2, id: 'i1', channel_id: 'c1', data: { name: 'new' }, user: { id: 'u1' } }
  return {
    dedupe: 'forward i1',
    forward: {
      platform: 'discord',
      botId: 'b1',
      method: 'POST',
      path: '/interactions/discord/b1',
      headers: [['content-type', 'application/json']],
      body: new TextEncoder().encode(JSON.stringify(body)),
    },
    ...rest,
    chat: { ...aChat, ...chat },
    author: { ...anAuthor, ...author },
  }
}

const aChat: PlatformMessage['chat'] = {
  id: 'c1',
  type: 'group',
  name: 'ops',
  topic: null,
  scopeId: 's1',
  threadId: null,
  parentId: null,
}
const anAuthor: PlatformMessage['author'] = { id: 'u1', name: 'mira', isBot: false, isSelf: false }

/** A sink that keeps what it is told. */
export function recordingSink(): PlatformSink & {
  readonly messages: PlatformMessage[]
  readonly forwards: PlatformForward[]
  readonly states: string[]
} {
  const messages: PlatformMessage[] = []
  const forwards: PlatformForward[] = []
  const states: string[] = []
  let cursor: string | undefined
  return {
    messages,
    forwards,
    states,
    message: async (message) => void messages.push(message),
    forward: async (forward) => void forwards.push(forward),
    seen: async () => {},
    health: ({ state }) => void states.push(state),
    saveCursor: async (saved) => {
      cursor = saved
    },
    loadCursor: async () => cursor,
  }
}
