import { relayErrors } from '../../errors.js'
import { limits } from '../../protocol/index.js'
import type { PlatformBot } from '../port.js'
import type { Discord } from './discord.js'
import { type Channel, chatTypeOf, isId, type Message, shownName } from './objects.js'
import { canView, isDirect, isIn } from './visibility.js'

type Reads = Pick<PlatformBot, 'chatInfo' | 'canView' | 'isIn' | 'isDirect' | 'check'> &
  Required<Pick<PlatformBot, 'context'>>

const silent = () => relayErrors.unavailable({ message: 'Discord did not answer' })

/** What can be asked of Discord. */
export function createReads(discord: Discord): Reads {
  const { api, identity } = discord
  return {
    canView: (userId, place) => canView(discord, userId, place),
    isIn: (place) => isIn(discord, place),
    isDirect: (chatId, userId) => isDirect(discord, chatId, userId),
    check: (signal) => check(discord, signal),
    chatInfo: async (chatId, { signal }) => {
      if (!isId(chatId)) return undefined
      const answer = await api.call<Channel>({ method: 'GET', route: `/channels/${chatId}` }, signal)
      if (answer.outcome === 'refused') return undefined
      if (answer.outcome !== 'ok') throw silent()
      const { guild_id: scopeId } = answer.value
      const type = chatTypeOf(answer.value)
      return { name: nameOf(answer.value), type, ...(scopeId !== undefined && { scopeId }) }
    },
    context: async ({ chatId }, before) => {
      if (!isId(chatId) || !isId(before)) return []
      const query = { before, limit: String(limits.contextItems) }
      const answer = await api.read<Message[]>(`/channels/${chatId}/messages`, query)
      if (answer.outcome !== 'ok') throw silent()
      // What the bot said, its gateway knows.
      const others = answer.value.filter(
        ({ content, author }) => content !== '' && author.id !== identity.botId,
      )
      return others.reverse().map(({ content, author }) => ({
        text: content,
        userId: author.id,
        userName: shownName(author),
      }))
    },
  }
}

const nameOf = ({ id, name, recipients }: Channel): string => {
  const [other] = recipients ?? []
  return name || (other && shownName(other)) || id
}

type Application = { id: string; verify_key?: string }

/** Who the token is, and whether the key and the application belong to it. */
async function check(
  { api, token, settings, publicKey }: Discord,
  signal: AbortSignal,
): Promise<{ botId: string; username: string | null }> {
  // A token that was refused once is asked again: whoever checks wants to know it now.
  api.rest.setToken(token)
  const user = await api.call<{ id: string; username?: string }>(
    { method: 'GET', route: '/users/@me' },
    signal,
  )
  if (user.outcome === 'refused' && user.status === 401)
    throw relayErrors.credentialRefused({ message: 'Discord refused the token' })
  if (user.outcome !== 'ok') throw silent()
  const application = await api.call<Application>({ method: 'GET', route: '/applications/@me' }, signal)
  if (application.outcome !== 'ok') throw silent()
  const { id, verify_key: verifyKey } = application.value
  if (settings.applicationId !== undefined && settings.applicationId !== id)
    throw relayErrors.credentialRefused({ message: 'the token belongs to another application' })
  if (publicKey !== undefined && verifyKey !== undefined && verifyKey.toLowerCase() !== publicKey)
    throw relayErrors.credentialRefused({ message: 'the public key belongs to another application' })
  return { botId: user.value.id, username: user.value.username ?? null }
}
