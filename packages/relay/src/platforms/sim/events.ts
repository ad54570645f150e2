// What happens on a simulated platform: the events of its stream, and nothing else, make up its world.

import type { Draft } from '@parley/kernel/log'
import type { BotIdentity } from '../../protocol/index.js'
import type { BotCommand } from '../port.js'
import type { SimChat, SimFaults, SimMessage, SimScope, SimUser } from '../sim-port.js'

/** `ifAbsent`: what is there already stays as it is. */
export type SimEvent =
  | { type: 'sim.user.set'; user: SimUser; ifAbsent?: true }
  | { type: 'sim.scope.set'; scope: SimScope; ifAbsent?: true }
  /** `byBot`: the bot made it, so it may be renamed by it. */
  | { type: 'sim.chat.set'; chat: SimChat; ifAbsent?: true; byBot?: true }
  | { type: 'sim.chat.renamed'; chatId: string; name: string }
  /** Exactly one of scope and chat. */
  | { type: 'sim.member.joined'; userId: string; scopeId?: string; chatId?: string }
  /** `files`: the bytes of `message.media`, base64, in the same order. */
  | { type: 'sim.message.posted'; message: SimMessage; files?: string[] }
  | { type: 'sim.message.edited'; chatId: string; messageId: string; text: string }
  | { type: 'sim.message.deleted'; chatId: string; messageId: string }
  | {
      type: 'sim.reaction.set'
      chatId: string
      messageId: string
      emoji: string
      by: string
      isRemoved: boolean
    }
  | { type: 'sim.interaction.created'; interaction: SimInteraction }
  | { type: 'sim.update.made'; update: SimUpdate }
  | { type: 'sim.update.accepted'; updateId: string }
  | { type: 'sim.commands.set'; commands: readonly BotCommand[] }
  /** `by` and `turn` tell the node that made the change from the others. */
  | { type: 'sim.faults.set'; faults: SimFaults; by: string; turn: number }

/** What Discord calls an interaction: for some minutes its token acts as the bot. The token itself is stored nowhere. */
export type SimInteraction = {
  id: string
  chatId: string
  /** What the first follow-up replaces; null for presses, which have none. */
  placeholderId: string | null
  /** Milliseconds since 1970. */
  at: number
}

/** Something that the connector has to be told until it has accepted it. */
export type SimUpdate = {
  id: string
  chatId: string
  /** Milliseconds since 1970. */
  at: number
  /** It comes twice. */
  isDouble: boolean
  /** It comes after the next one of its chat. */
  isLate: boolean
} & (
  | { kind: 'message'; messageId: string }
  | SimPress
  /** The same as a request of the platform, with a token that can act as the bot. */
  | { kind: 'interaction'; userId: string; press?: SimPress; command?: SimCommand }
)
export type SimPress = { kind: 'press'; userId: string; messageId: string; token: string; label: string }
export type SimCommand = { name: string; options: readonly { name: string; value: string }[] }

/** One per bot. */
export const streamOf = ({ platform, botId }: BotIdentity): string =>
  `relay-sim:${encodeURIComponent(platform)}/${encodeURIComponent(botId)}`

const actor = { kind: 'system', id: 'relay-sim' } as const

/** An event as the log takes it. */
export function toDraft({ type, ...body }: SimEvent): Draft {
  return { type, actor, body }
}

/** The event that was stored; undefined for what this version does not know. The log gives back what was put in. */
export function readEvent(stored: { type: string; body: string }): SimEvent | undefined {
  if (!stored.type.startsWith('sim.') || stored.body === 'null') return undefined
  return { type: stored.type, ...JSON.parse(stored.body) } as SimEvent
}
