import { hash } from 'node:crypto'
import type { StreamId } from '@parley/kernel/ids'
import type { Append } from '@parley/kernel/log'
import type { BotIdentity } from '../../protocol/index.js'
import { botKey } from '../bots/keys.js'
import { relayIdentity } from '../changes.js'
import type { Outcome, Reason } from '../routing/index.js'

/** Where it is written down what a bot got, and who was given it. */
export const botStream = (bot: BotIdentity): StreamId => `relay-bot:${botKey(bot)}`

/** What came, without a word of what was said. */
export type Received = {
  dedupe: string
  chatId: string
  messageId: string
  userId: string
  reason: Reason
  outcomes: readonly Outcome[]
}

/** LIMIT: a record is for people to read; those who got it come first. */
const maxOutcomes = 100

/**
 * The event `relay.received`. Its retry key is what makes a platform's deliveries count once, on whichever node and however often they
 * come.
 */
export function received(bot: BotIdentity, { dedupe, outcomes, ...what }: Received): Append {
  const body = {
    ...what,
    outcomes: outcomes.slice(0, maxOutcomes).map(({ key, isDelivered, reason }) => ({
      tenant: key.tenant,
      instanceId: key.instanceId,
      isDelivered,
      reason,
    })),
  }
  return {
    stream: botStream(bot),
    drafts: [{ type: 'relay.received', actor: relayIdentity, body }],
    key: keyOf(dedupe),
  }
}

/** LIMIT: a key of the log is a short text that a database takes: no NUL, no half characters. */
function keyOf(dedupe: string): string {
  const text = JSON.stringify(dedupe).slice(1, -1)
  return text.length <= 200 ? text : `sha256 ${hash('sha256', text, 'hex')}`
}
