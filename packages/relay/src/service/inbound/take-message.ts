import type { PlatformMessage } from '../../platforms/port.js'
import { type BotIdentity, buildSessionKey, type MediaItem } from '../../protocol/index.js'
import type { OpenBot } from '../deps.js'
import { type Decision, decide, type Receiver } from '../routing/index.js'
import { type Answer, findAnswer } from './answers.js'
import { type ContextMembers, contextFor } from './context.js'
import { type Attempt, handOver, type Parcel } from './hand-over.js'
import { takeMedia } from './media.js'
import { openBotOf, type Work } from './parts.js'
import { conversationOf } from './source.js'
import { toEvent } from './to-event.js'

/** Takes one message in for everybody who receives it. */
export async function takeMessage(work: Work, bot: BotIdentity, message: PlatformMessage): Promise<void> {
  const open = openBotOf(work, bot)
  const media = keptMedia(work, message)
  await handOver(work, bot, whatCame(message), () => resolve(work, open, message, media))
}

const whatCame = ({ dedupe, chat, messageId, author }: PlatformMessage) => ({
  dedupe,
  chatId: chat.id,
  messageId,
  userId: author.id,
})

async function resolve(
  work: Work,
  open: OpenBot,
  message: PlatformMessage,
  media: (tenants: readonly string[]) => Promise<MediaItem[]>,
): Promise<Attempt> {
  const answer = await findAnswer(work, open.row, message)
  if (answer === 'foreign') return { reason: 'foreign-press', outcomes: [], parcels: [] }
  const decision = await decide(work, open, message, answer?.meant)
  const items = await media(tenantsOf(decision))
  const context = contextFor(work, open, message)
  const parcels = await Promise.all(
    decision.receivers.map(async (receiver) =>
      toParcel(work, open, message, receiver, {
        media: items,
        context: await context(receiver.viewer),
        answer,
      }),
    ),
  )
  return { ...decision, parcels }
}

const tenantsOf = ({ receivers }: Decision): string[] => [...new Set(receivers.map(({ key }) => key.tenant))]

function toParcel(
  { ground }: Work,
  { row }: OpenBot,
  message: PlatformMessage,
  receiver: Receiver,
  more: { media: readonly MediaItem[]; context: ContextMembers; answer: Answer | undefined },
): Parcel {
  const answered = more.answer?.of(receiver.key)
  const event = toEvent(row, message, { ...more, response: answered?.response })
  const now = { sessionKey: buildSessionKey(event.source), lastSeenAt: ground.clock.micros() }
  return {
    receiver,
    entry: { kind: 'inbound', frame: { type: 'inbound', event } },
    conversation: conversationOf(receiver.key, row, message, now),
    ops: answered?.ops ?? [],
  }
}

/** Loads the files when the first receiver is known, and again only for a tenant that was not among the receivers before. */
function keptMedia(
  work: Work,
  { media }: PlatformMessage,
): (tenants: readonly string[]) => Promise<MediaItem[]> {
  let kept: { tenants: readonly string[]; items: MediaItem[] } = { tenants: [], items: [] }
  return async (tenants) => {
    if (tenants.some((tenant) => !kept.tenants.includes(tenant)))
      kept = { tenants, items: await takeMedia(work, media, tenants) }
    return kept.items
  }
}
