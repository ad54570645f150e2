import { ChannelType } from 'discord-api-types/v10'
import type { Known, Place } from '../port.js'
import type { Discord } from './discord.js'
import type { Found } from './lookups.js'
import { type Channel, isThread } from './objects.js'
import { canManageThreadsWith, canViewWith, permissionsIn } from './permissions.js'

const known = (is: boolean): Known => (is ? 'yes' : 'no')

/** May this user view that chat? What can't be found out is unknown. */
export async function canView({ lookups }: Discord, userId: string, place: Place): Promise<Known> {
  const channel = await lookups.channel(place.chatId)
  if (channel.outcome !== 'found') return 'unknown'
  const { guild_id: guildId } = channel.value
  if ((guildId ?? null) !== place.scopeId) return 'no'
  if (guildId === undefined) return known(isRecipient(channel.value, userId))
  const [guild, member] = await Promise.all([lookups.guild(guildId), lookups.member(guildId, userId)])
  if (member.outcome === 'absent') return 'no'
  const ruling = isThread(channel.value) ? await lookups.channel(channel.value.parent_id ?? '') : channel
  if (guild.outcome !== 'found' || member.outcome !== 'found' || ruling.outcome !== 'found') return 'unknown'
  const permissions = permissionsOrUnknown(() =>
    permissionsIn(guild.value, userId, member.value, ruling.value),
  )
  if (permissions === undefined) return 'unknown'
  if (!canViewWith(permissions)) return 'no'
  if (channel.value.type !== ChannelType.PrivateThread || canManageThreadsWith(permissions)) return 'yes'
  return membership(await lookups.threadMember(channel.value.id, userId))
}

export async function isIn(
  { lookups }: Discord,
  { chatId, scopeId }: { chatId: string; scopeId: string },
): Promise<Known> {
  const channel = await lookups.channel(chatId)
  return channel.outcome === 'found' ? known(channel.value.guild_id === scopeId) : 'unknown'
}

/** Is the chat a direct one with exactly this user? */
export async function isDirect({ lookups }: Discord, chatId: string, userId: string): Promise<Known> {
  const channel = await lookups.channel(chatId)
  if (channel.outcome !== 'found') return 'unknown'
  return known(channel.value.type === ChannelType.DM && isRecipient(channel.value, userId))
}

const isRecipient = ({ recipients = [] }: Channel, userId: string): boolean =>
  recipients.length === 1 && recipients[0]?.id === userId

function membership({ outcome }: Found<unknown>): Known {
  if (outcome === 'found') return 'yes'
  return outcome === 'absent' ? 'no' : 'unknown'
}

function permissionsOrUnknown(read: () => bigint | undefined): bigint | undefined {
  try {
    return read()
  } catch {
    // A set that is no number.
    return undefined
  }
}
