import type { BotIdentity } from '@parley/relay'

/** One agent with its gateway, and the person it is linked to. */
export type Member = {
  tenant: string
  instanceId: string
  gatewayId: string
  userId: string
  /** Where that person is. */
  bot: BotIdentity
}

export type Link = { tenant: string; instanceId: string; platform: string; userId: string }

/** Somebody who writes somewhere, and which instances it is for. */
export type Speaker = {
  bot: BotIdentity
  userId: string
  chatId: string
  chatType: 'dm' | 'group'
  scopeId: string | null
  /** Ids of instances; empty: nobody may get it. */
  heardBy: readonly string[]
}

export type Cast = { members: readonly Member[]; links: readonly Link[]; speakers: readonly Speaker[] }

/** Both are shared by all tenants. */
export const bots: readonly BotIdentity[] = [
  { platform: 'discord', botId: 'bot-one' },
  { platform: 'telegram', botId: 'bot-two' },
]

export const directChatOf = ({ userId }: Pick<Member, 'userId'>): string => `dm-${userId}`

const groupsOfABot = 3

/**
 * Everybody: gateways of the tenants by turns, each with a person of its own who writes to it directly and in a group that people of
 * all tenants share. In each group there are besides somebody who is linked in two tenants, and a stranger.
 */
export function castOf({ gateways, tenants }: { gateways: number; tenants: number }): Cast {
  const members = Array.from({ length: gateways }, (_, index) => memberOf(index, tenants))
  const own = members.map((member) => linkOf(member, member.bot.platform, member.userId))
  const speakers = members.flatMap((member, index) => [directly(member), inGroup(member, index)])
  const others = bots.flatMap((bot, place) =>
    Array.from({ length: groupsOfABot }, (_, group) => guests(members, bot, place * groupsOfABot + group)),
  )
  return {
    members,
    links: [...own, ...others.flatMap(({ links }) => links)],
    speakers: [...speakers, ...others.flatMap((one) => one.speakers)],
  }
}

function memberOf(index: number, tenants: number): Member {
  return {
    tenant: `org-${index % tenants}`,
    instanceId: `agent-${index}`,
    gatewayId: `gateway-${index}`,
    userId: `person-${index}`,
    bot: bots[index % bots.length]!,
  }
}

const linkOf = ({ tenant, instanceId }: Member, platform: string, userId: string): Link => ({
  tenant,
  instanceId,
  platform,
  userId,
})

const directly = (member: Member): Speaker => ({
  bot: member.bot,
  userId: member.userId,
  chatId: directChatOf(member),
  chatType: 'dm',
  scopeId: null,
  heardBy: [member.instanceId],
})

/** A group of this bot. On the first one it is a channel of a scope, on the other one a chat of its own. */
function groupOf(bot: BotIdentity, number: number): Pick<Speaker, 'bot' | 'chatId' | 'chatType' | 'scopeId'> {
  const place = bots.indexOf(bot)
  const name = `${place}-${number % groupsOfABot}`
  return { bot, chatId: `group-${name}`, chatType: 'group', scopeId: place === 0 ? `scope-${name}` : null }
}

const inGroup = ({ bot, userId, instanceId }: Member, index: number): Speaker => ({
  ...groupOf(bot, Math.floor(index / bots.length)),
  userId,
  heardBy: [instanceId],
})

/** Somebody who is linked in two tenants at once, and a stranger. */
function guests(
  members: readonly Member[],
  bot: BotIdentity,
  number: number,
): { links: Link[]; speakers: Speaker[] } {
  const first = members[number % members.length]!
  const second = members.find(({ tenant }) => tenant !== first.tenant) ?? first
  const userId = `both-${number}`
  const place = groupOf(bot, number)
  const linked = first === second ? [first] : [first, second]
  return {
    links: linked.map((member) => linkOf(member, bot.platform, userId)),
    speakers: [
      { ...place, userId, heardBy: linked.map(({ instanceId }) => instanceId) },
      { ...place, userId: `stranger-${number}`, heardBy: [] },
    ],
  }
}
