// What can be asked of Telegram about chats and people.

import { GrammyError } from 'grammy'
import { relayErrors } from '../../errors.js'
import type { Known, PlatformBot } from '../port.js'
import { toGrammySignal } from './api.js'
import type { Telegram } from './bot-context.js'
import { toFailure } from './errors.js'

type Reads = Pick<PlatformBot, 'chatInfo' | 'canView' | 'isIn' | 'isDirect' | 'check' | 'setCommands'>

/** How long an answer about a member is believed, and how many are kept. */
const memberMs = 30_000
const mostMembers = 10_000

export function createReads(telegram: Telegram): Reads {
  const { api, clock } = telegram
  const members = new Map<string, { known: Known; at: number }>()

  const ask = async (userId: string, chatId: string): Promise<Known> => {
    try {
      const member = await api.getChatMember(chatId, Number(userId))
      if (member.status === 'restricted') return member.is_member ? 'yes' : 'no'
      return member.status === 'left' || member.status === 'kicked' ? 'no' : 'yes'
    } catch {
      return 'unknown'
    }
  }

  return {
    chatInfo: async (chatId, { signal }) => {
      try {
        const chat = await api.getChat(chatId, toGrammySignal(signal))
        const name = chat.title ?? ([chat.first_name, chat.last_name].filter(Boolean).join(' ') || chatId)
        const type = chat.type === 'supergroup' ? (chat.is_forum ? 'forum' : 'group') : chat.type
        return { name, type: type === 'private' ? 'dm' : type }
      } catch {
        return undefined
      }
    },
    canView: async (userId, { chatId, scopeId }) => {
      if (scopeId !== null || !isUser(userId)) return 'no'
      // A direct chat has its user's id.
      if (isUser(chatId)) return chatId === userId ? 'yes' : 'no'
      const key = `${chatId} ${userId}`
      const last = members.get(key)
      if (last && clock.now() - last.at < memberMs) return last.known
      const known = await ask(userId, chatId)
      members.delete(key)
      if (known !== 'unknown') members.set(key, { known, at: clock.now() })
      const [oldest] = members.keys()
      if (members.size > mostMembers && oldest !== undefined) members.delete(oldest)
      return known
    },
    // Telegram's chats are in nothing.
    isIn: async () => 'no',
    isDirect: async (chatId, userId) => (isUser(chatId) && chatId === userId ? 'yes' : 'no'),
    check: (signal) => check(telegram, signal),
    setCommands: (manifest) => setCommands(telegram, manifest),
  }
}

/** Groups and channels have negative ids. */
const isUser = (id: string): boolean => /^[1-9]\d{0,15}$/.test(id)

async function check({ api, clean }: Telegram, signal: AbortSignal) {
  try {
    const me = await api.getMe(toGrammySignal(signal))
    return { botId: String(me.id), username: me.username }
  } catch (error) {
    const isWrong = error instanceof GrammyError && [401, 404].includes(error.error_code)
    if (isWrong) throw relayErrors.credentialRefused()
    const failure = toFailure(error, clean)
    throw relayErrors.unavailable({ message: 'error' in failure ? failure.error : 'Telegram is busy' })
  }
}

// https://core.telegram.org/bots/api#botcommand
async function setCommands(
  { api, clean }: Telegram,
  manifest: Parameters<NonNullable<PlatformBot['setCommands']>>[0],
): Promise<void> {
  const wanted = manifest
    .map(({ name, description }) => ({
      command: name.replaceAll('-', '_'),
      description: description.slice(0, 256) || name,
    }))
    .filter(({ command }) => /^[a-z0-9_]{1,32}$/.test(command))
    .slice(0, 100)
  try {
    const there = await api.getMyCommands()
    const text = (list: typeof wanted) => JSON.stringify(list.map((one) => [one.command, one.description]))
    if (text(there) !== text(wanted)) await api.setMyCommands(wanted)
  } catch (error) {
    const failure = toFailure(error, clean)
    throw relayErrors.unavailable({ message: 'error' in failure ? failure.error : 'Telegram is busy' })
  }
}
