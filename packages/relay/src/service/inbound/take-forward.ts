import type { Op } from '@parley/kernel/db'
import type { PlatformForward } from '../../platforms/port.js'
import {
  type BotIdentity,
  buildSessionKey,
  encodePassthrough,
  interactionToMessage,
  limits,
  readPromptToken,
  type SessionSource,
} from '../../protocol/index.js'
import type { NewEntry, OpenBot } from '../deps.js'
import { decide, type Meant, type Receiver } from '../routing/index.js'
import { usesShortKeys } from '../short-keys.js'
import { meantBy } from './answers.js'
import { type Attempt, handOver, type Parcel } from './hand-over.js'
import { openBotOf, type Work } from './parts.js'
import { capabilityKeys, conversationOf, sourceOf } from './source.js'

/**
 * Takes a request of a platform in for everybody who receives it (contract 6.2), and puts what was taken out of it into the vault for
 * them, in the same unit.
 */
export async function takeForward(work: Work, bot: BotIdentity, forward: PlatformForward): Promise<void> {
  const open = openBotOf(work, bot)
  const { dedupe, chat, author } = forward
  const sources = sourcesOf(bot, forward)
  const what = { dedupe, chatId: chat.id, messageId: sources[0].message_id ?? '', userId: author.id }
  await handOver(work, bot, what, () => resolve(work, open, forward, sources))
}

type Sources = [SessionSource, ...SessionSource[]]

/** As the gateway converts it, and as the platform's own words say: a key is bound under both. */
function sourcesOf(bot: BotIdentity, { forward, chat, author }: PlatformForward): Sources {
  const own = sourceOf(bot, { chat, author })
  const converted = interactionToMessage(forward)?.source
  return converted ? [converted, own] : [own]
}

async function resolve(
  work: Work,
  open: OpenBot,
  forward: PlatformForward,
  sources: Sources,
): Promise<Attempt> {
  const { chat, author } = forward
  const arrival = { chat, author, addressesBot: true }
  const decision = await decide(work, open, arrival, await meantOf(work, open, forward))
  // WHY: of two instances of one tenant the last one's binding stays. It is the first one's: the author's own.
  const receivers = decision.receivers.toReversed()
  const parcels = await Promise.all(
    receivers.map((receiver) => toParcel(work, open, forward, receiver, sources)),
  )
  return { ...decision, parcels }
}

async function meantOf(
  work: Work,
  { row }: OpenBot,
  { pressToken, chat }: PlatformForward,
): Promise<Meant | undefined> {
  const token = pressToken === undefined ? undefined : readPromptToken(pressToken)
  return token && (await meantBy(work, row, chat.id, token.promptId)).meant
}

async function toParcel(
  work: Work,
  { row }: OpenBot,
  forward: PlatformForward,
  receiver: Receiver,
  sources: Sources,
): Promise<Parcel> {
  const now = { sessionKey: buildSessionKey(sources[0]), lastSeenAt: work.ground.clock.micros() }
  return {
    receiver,
    entry: entryOf(forward),
    conversation: conversationOf(receiver.key, row, forward, now),
    ops: await bindOps(work, row, forward, receiver, sources),
  }
}

/** It is as old as its capability at most: later nobody could answer it (contract 7.3). */
const entryOf = ({ forward, capability }: PlatformForward): NewEntry => ({
  kind: 'passthrough',
  frame: { type: 'passthrough_forward', forward: encodePassthrough(forward) },
  expiresInMs: capability ? limits.capabilityMs : limits.passthroughAgeMs,
})

async function bindOps(
  work: Work,
  { platform, botId }: BotIdentity,
  { capability }: PlatformForward,
  { key }: Receiver,
  sources: Sources,
): Promise<Op[]> {
  if (!capability) return []
  const sessionKeys = capabilityKeys(sources, { isShort: await usesShortKeys(work, key) })
  return work.vault.bindOps({ ...key, platform, botId, ...capability, sessionKeys })
}
