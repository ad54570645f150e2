// Who may view a channel: https://docs.discord.com/developers/topics/permissions#permission-hierarchy

import { OverwriteType, PermissionFlagsBits } from 'discord-api-types/v10'
import type { Channel, Guild, Member, Overwrite } from './objects.js'

/** What a member may do in a channel; undefined when the channel does not say whom it is for. Throws for sets that are none. */
export function permissionsIn(
  guild: Guild,
  userId: string,
  member: Member,
  channel: Channel,
): bigint | undefined {
  const everything = ~0n
  if (guild.owner_id === userId) return everything
  const base = guild.roles
    .filter(({ id }) => id === guild.id || member.roles.includes(id))
    .reduce((sum, { permissions }) => sum | BigInt(permissions), 0n)
  if (base & PermissionFlagsBits.Administrator) return everything
  const { permission_overwrites: overwrites } = channel
  if (!overwrites) return undefined
  const isRole = ({ type, id }: Overwrite) => type === OverwriteType.Role && id !== guild.id
  // In this order: everybody, then all roles together, then this very member.
  const steps = [
    overwrites.filter(({ id }) => id === guild.id),
    overwrites.filter((one) => isRole(one) && member.roles.includes(one.id)),
    overwrites.filter(({ type, id }) => type === OverwriteType.Member && id === userId),
  ]
  return steps.reduce(overwritten, base)
}

function overwritten(permissions: bigint, overwrites: readonly Overwrite[]): bigint {
  const all = (which: 'allow' | 'deny') => overwrites.reduce((sum, one) => sum | BigInt(one[which]), 0n)
  return (permissions & ~all('deny')) | all('allow')
}

export const canViewWith = (permissions: bigint): boolean =>
  (permissions & PermissionFlagsBits.ViewChannel) !== 0n

/** Sees private threads without being in them. */
export const canManageThreadsWith = (permissions: bigint): boolean =>
  (permissions & PermissionFlagsBits.ManageThreads) !== 0n
