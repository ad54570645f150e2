import type { PlatformForward, PlatformMessage, PlatformSink } from '../../platforms/port.js'
import type { BotIdentity } from '../../protocol/index.js'
import { loadCursor, saveCursor } from '../bots/cursors.js'
import type { RelayDeps } from '../deps.js'
import { Turns } from '../media/turns.js'
import { createKnown } from './known.js'
import { createLanes } from './lanes.js'
import type { InboundParts, Work } from './parts.js'
import { takeForward } from './take-forward.js'
import { forwardedLinkCommand, linkCommandOf, takeLink } from './take-link.js'
import { takeMessage } from './take-message.js'

/** Takes in what platforms deliver, and gives it to those instances that it is for. */
export interface Inbound {
  /** The same for every call with one bot: what comes over several ways into one chat keeps its order. */
  sinkOf(bot: BotIdentity): PlatformSink
}

/** Chats of one bot that are served at the same time, and what may wait altogether. */
const lanesOfOneBot = { atOnce: 128, waiting: 10_000 }
/** Files that are held in memory at the same time, and of one tenant. */
const filesAtOnce = { all: 32, each: 16 }
/** Deliveries of one bot that are known to have come without asking the log. */
const knownOfOneBot = 4_096

export function createInbound(deps: RelayDeps, parts: InboundParts): Inbound {
  const work: Work = { ...deps, ...parts, files: new Turns(filesAtOnce) }
  const sinks = new Map<string, PlatformSink>()
  return {
    sinkOf: (bot) => {
      const name = JSON.stringify([bot.platform, bot.botId])
      const sink = sinks.get(name) ?? createSink(work, { platform: bot.platform, botId: bot.botId })
      sinks.set(name, sink)
      return sink
    },
  }
}

function createSink(work: Work, bot: BotIdentity): PlatformSink {
  const lanes = createLanes(lanesOfOneBot)
  const known = createKnown(knownOfOneBot)
  const takeIn = async (dedupe: string, take: () => Promise<void>): Promise<void> => {
    work.tally.count('inbound.received')
    if (known.has(dedupe)) return work.tally.count('inbound.duplicate')
    await take()
    known.add(dedupe)
  }
  const message = (one: PlatformMessage) => takeIn(one.dedupe, () => onMessage(work, bot, one))
  const forward = (one: PlatformForward) => takeIn(one.dedupe, () => onForward(work, bot, one))
  const seen = (chatId: string, messageId: string) => work.outbound.seen(bot, chatId, messageId)
  return {
    message: (one) =>
      one.author.isSelf ? seen(one.chat.id, one.messageId) : lanes.run(one.chat.id, () => message(one)),
    forward: (one) => lanes.run(one.chat.id, () => forward(one)),
    seen: ({ chatId }, messageId) => seen(chatId, messageId),
    health: (health) => work.onHealth?.(bot, health),
    saveCursor: (cursor) => saveCursor(work, bot, cursor),
    loadCursor: () => loadCursor(work, bot),
  }
}

async function onMessage(work: Work, bot: BotIdentity, message: PlatformMessage): Promise<void> {
  const command = linkCommandOf(message)
  return command ? await takeLink(work, bot, command) : await takeMessage(work, bot, message)
}

async function onForward(work: Work, bot: BotIdentity, forward: PlatformForward): Promise<void> {
  const command = forwardedLinkCommand(forward)
  return command ? await takeLink(work, bot, command) : await takeForward(work, bot, forward)
}
