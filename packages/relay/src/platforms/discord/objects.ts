// What is read of Discord's objects; they have more. https://docs.discord.com/developers/reference

import { ChannelType } from 'discord-api-types/v10'

export type User = { id: string; username: string; global_name?: string | null; bot?: boolean }
export type Member = { user?: User; nick?: string | null; roles: string[] }
export type Overwrite = { id: string; type: number; allow: string; deny: string }
export type Role = { id: string; permissions: string }
export type Guild = { id: string; owner_id: string; roles: Role[] }
export type Channel = {
  id: string
  type: number
  name?: string | null
  topic?: string | null
  guild_id?: string
  parent_id?: string | null
  owner_id?: string
  recipients?: User[]
  permission_overwrites?: Overwrite[]
}
export type Message = { id: string; content: string; author: User; timestamp: string }

/** An id as Discord makes them. Nothing else is put into a route. */
export const isId = (text: string): boolean => /^\d{15,20}$/.test(text)

const threads: readonly number[] = [
  ChannelType.AnnouncementThread,
  ChannelType.PublicThread,
  ChannelType.PrivateThread,
]
const forums: readonly number[] = [ChannelType.GuildForum, ChannelType.GuildMedia]

export const isThread = ({ type }: Pick<Channel, 'type'>): boolean => threads.includes(type)
export const isForum = ({ type }: Pick<Channel, 'type'>): boolean => forums.includes(type)

/** The contract's word for a kind of channel (4.4). */
export function chatTypeOf(channel: Pick<Channel, 'type'>): 'dm' | 'group' | 'thread' | 'forum' {
  if (channel.type === ChannelType.DM) return 'dm'
  if (isThread(channel)) return 'thread'
  return isForum(channel) ? 'forum' : 'group'
}

/** What people see: the name in the guild, else the one of their own choice, else the account's. */
export const shownName = (user: User, nick?: string | null): string =>
  nick || user.global_name || user.username
