// Presses and commands the way Discord delivers them: as requests with a token that can act as the bot for a quarter of an hour.

import { createHash } from 'node:crypto'
import type { BotIdentity } from '../../protocol/index.js'
import type { PlatformForward } from '../port.js'
import type { SimChat } from '../sim-port.js'
import { type SimInteraction, type SimUpdate, streamOf } from './events.js'
import { simBounds } from './limits.js'
import { toAuthor } from './messages.js'
import { toPlatformChat } from './places.js'
import type { World } from './world.js'

const interactionToken = 'discord.interaction_token'

/** Every token begins with this, so that a search finds one that got out. */
export const tokenMark = 'sim-interaction-token'

type InteractionUpdate = Extract<SimUpdate, { kind: 'interaction' }>

// The token can be made again from the interaction's id, so a redelivery after a crash has it too, and no event holds it.
function tokenOf(bot: BotIdentity, id: string): string {
  const digest = createHash('sha256')
    .update(`${streamOf(bot)} ${id}`)
    .digest('hex')
    .slice(0, 32)
  return `${tokenMark}.${id}.${digest}`
}

/** Whose token this is; undefined when it is none, or too old. */
export function findInteraction(
  bot: BotIdentity,
  world: World,
  token: string,
  now: number,
): SimInteraction | undefined {
  const interaction = world.interactions.get(token.split('.')[1] ?? '')
  if (!interaction || token !== tokenOf(bot, interaction.id)) return undefined
  return now - interaction.at < simBounds.interactionMs ? interaction : undefined
}

/** The request as it is passed on: the token stands beside it. Undefined when its chat is not known any more. */
export function toForward(
  bot: BotIdentity,
  world: World,
  update: InteractionUpdate,
): PlatformForward | undefined {
  const chat = world.chats.get(update.chatId)?.chat
  if (!chat) return undefined
  return {
    dedupe: `interaction:${update.id}`,
    chat: toPlatformChat(bot.platform, world, chat),
    author: toAuthor(world, update.userId),
    ...(update.press && { pressToken: update.press.token }),
    capability: { kind: interactionToken, secret: tokenOf(bot, update.id) },
    forward: {
      ...bot,
      method: 'POST',
      path: `/interactions/discord/${encodeURIComponent(bot.botId)}`,
      headers: [['content-type', 'application/json']],
      body: new TextEncoder().encode(JSON.stringify(bodyOf(bot, world, update, chat))),
    },
  }
}

// https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-object
function bodyOf({ botId }: BotIdentity, world: World, update: InteractionUpdate, chat: SimChat) {
  const name = world.users.get(update.userId)?.name ?? update.userId
  const user = { id: update.userId, username: name, global_name: name }
  return {
    id: update.id,
    application_id: botId,
    type: update.press ? 3 : 2,
    version: 1,
    channel_id: chat.id,
    channel: { id: chat.id, type: channelTypes[chat.type], name: chat.name, parent_id: chat.parentId },
    ...(chat.scopeId === null ? { user } : { guild_id: chat.scopeId, member: { user, nick: null } }),
    ...(update.press
      ? {
          message: { id: update.press.messageId, channel_id: chat.id },
          data: { component_type: 2, custom_id: update.press.token },
        }
      : { data: commandData(update) }),
  }
}

const channelTypes: Record<SimChat['type'], number> = { dm: 1, group: 0, thread: 11, forum: 15 }

function commandData({ id, command }: InteractionUpdate) {
  const options = command?.options.map(({ name, value }) => ({ name, type: 3, value }))
  return { id, type: 1, name: command?.name ?? '', ...(options?.length && { options }) }
}
