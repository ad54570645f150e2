// `/link <code>` is for the connector alone: no agent sees it, whether it is good or not (contract 8.7).
import type { PlatformForward, PlatformMessage } from '../../platforms/port.js'
import { type BotIdentity, interactionToMessage } from '../../protocol/index.js'
import { readLinkCommand } from '../links/index.js'
import type { Work } from './parts.js'
import { received } from './received.js'

export const linkAnswers = {
  bound: 'Linked. What you write here goes to your agent from now on.',
  refused: 'That code is not valid. Ask for a new one and send /link with it here.',
  inGroup: 'Send this as a direct message.',
} as const

/** Something that holds a command to link, and where it was typed. */
export type LinkCommand = Pick<PlatformMessage, 'dedupe' | 'chat' | 'author'> & {
  messageId: string
  /** What stands behind the command. */
  text: string
}

export function linkCommandOf(message: PlatformMessage): LinkCommand | undefined {
  const text = message.press ? undefined : readLinkCommand(message.text)
  return text === undefined ? undefined : { ...message, text }
}

/** A command of the platform's own may be called `link` as well. */
export function forwardedLinkCommand({
  dedupe,
  chat,
  author,
  forward,
}: PlatformForward): LinkCommand | undefined {
  const event = interactionToMessage(forward)
  const text = event && readLinkCommand(event.text)
  return text === undefined ? undefined : { dedupe, chat, author, text, messageId: event?.message_id ?? '' }
}

/** Takes it, in one unit with the word that it came; then answers in the chat. */
export async function takeLink(work: Work, bot: BotIdentity, command: LinkCommand): Promise<void> {
  const { chat, author } = command
  const answer = await answerTo(work, bot, command)
  if (!answer || author.isBot) return
  // WHY: nobody waits for it. What the platform brought is stored, and an answer takes its turn among all the others.
  work.outbound.say(bot, chat.id, answer).catch((error: unknown) => work.onFault(error, 'relay.inbound.link'))
}

/** Undefined when it came before. */
async function answerTo(work: Work, bot: BotIdentity, command: LinkCommand): Promise<string | undefined> {
  const { chat, author, text } = command
  const append = received(bot, {
    dedupe: command.dedupe,
    chatId: chat.id,
    messageId: command.messageId,
    userId: author.id,
    reason: 'link-command',
    outcomes: [],
  })
  if (chat.type === 'dm' && !author.isBot) {
    const person = { platform: bot.platform, userId: author.id }
    const redemption = await work.links.redeem({ ...person, text, received: append })
    return redemption === 'repeated' ? undefined : linkAnswers[redemption]
  }
  const { outcome } = await work.ground.log.commit({ ops: [], appends: [append] })
  return outcome === 'replayed' ? undefined : linkAnswers.inGroup
}
