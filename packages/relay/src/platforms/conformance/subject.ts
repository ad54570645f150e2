// What the suite needs of a platform that it can arrange: a simulated one, or a local server that answers as the real one does.

import type { BotIdentity } from '../../protocol/index.js'
import type { BotCommand, EdgeRequest, MediaFile, Place, PlatformBot, PlatformSink } from '../port.js'

/** How the platform answers calls. `hangs`: it does not answer while the call's signal lives. */
export type Answering = 'well' | 'down' | 'refuses' | 'hangs' | { limitedForMs: number }
export type Fault = 'down' | 'refuses' | 'hangs' | 'limited'

/** Something that the platform has handed over, or tries to. */
export type Delivered = {
  messageId: string
  /** Was the platform told that it is stored? */
  isAccepted(): boolean
}

/** A message as people see it there. */
export type Shown = {
  id: string
  /** As it reads, without markup. */
  text: string
  /** The bot's. */
  isOwn: boolean
  replyTo: string | null
  /** Labels of its buttons, in order. */
  buttons: readonly string[]
  files: readonly { filename: string; size: number }[]
  /** Emoji with which the bot has reacted. */
  reactions: readonly string[]
}

export type Writing = {
  by: string
  chat: Place
  text: string
  replyTo?: string
  /** The text gets a mention of the bot, as the platform has it. */
  isMention?: boolean
  file?: MediaFile
}

/**
 * One bot, open and not started, on a platform of its own, and the platform's side of it. What is marked with `?` is left out where
 * the platform has no such thing: the cases that need it are skipped and say so.
 */
export interface PlatformSubject {
  readonly bot: PlatformBot
  readonly identity: BotIdentity
  /** Users. `ada` and `ben` are in the group, `stranger` is not. */
  readonly people: { ada: string; ben: string; stranger: string }
  /** `direct`: the bot with ada alone. `group`: with several people, ada and ben among them. */
  readonly chats: { direct: Place; group: Place }
  /** Secrets of the bot and of its platform: tokens, signing keys, tokens of interactions so far. Nobody may be told one. */
  canaries(): readonly string[]
  /** Everything that the driver has given to `onFault`. */
  reported(): readonly unknown[]

  /** Brings updates to this sink: `bot.start`, and for platforms that call, the edge of every delivery from now on. */
  start(sink: PlatformSink): Promise<void>
  /** A user writes. Resolves when the platform has the message and has begun to hand it over. */
  write(said: Writing): Promise<Delivered>
  /** A user changes a message of theirs. */
  rewrite?(change: { by: string; chat: Place; messageId: string; text: string }): Promise<Delivered>
  /** A user presses a button of a message, by its place among the buttons. */
  press(pressed: { by: string; chat: Place; messageId: string; button: number }): Promise<Delivered>
  /** A user types a command of the platform's own, which is passed on as a request. */
  command?(typed: { by: string; chat: Place; name: string; value: string }): Promise<Delivered>
  /** A person takes a message away. */
  remove(chat: Place, messageId: string): Promise<void>
  /** The platform delivers a message once more, although it was accepted. */
  redeliver(chat: Place, messageId: string): Promise<void>
  /** The platform tries again what was not accepted: lets the time pass that it waits. */
  retry(): Promise<void>

  /** Oldest first, without those that are gone. */
  shown(chat: Place): Promise<readonly Shown[]>
  isTyping(chat: Place): Promise<boolean>
  /** How many people a message has called by calling everybody. */
  called?(chat: Place, messageId: string): Promise<number>
  /** Undefined for threads that are not there. */
  threadName?(thread: { parent: Place; id: string }): Promise<string | undefined>
  renameThread?(thread: { parent: Place; id: string }, name: string): Promise<void>
  /** The bot's commands, and how often they were written. */
  commands?(): Promise<{ now: readonly BotCommand[]; writes: number }>

  /** What can be made to go wrong. */
  readonly faults: readonly Fault[]
  /** From now on. Where it can, a fault's text holds a canary: a platform's answers are not to be trusted with that. */
  answer(how: Answering): Promise<void>
  /** Calls that hang now. */
  hanging(): number

  /** For platforms that call: a request as they would send it, and the same one with what proves it spoilt or left out. */
  edge?: {
    request(said: Writing): Promise<EdgeRequest>
    tampered(request: EdgeRequest): EdgeRequest
    unsigned(request: EdgeRequest): EdgeRequest
    /** One that is signed, and is no update of theirs. */
    nonsense(): Promise<EdgeRequest>
  }
  /** A credential that the platform does not know: `check` has to refuse it. */
  wrongBot?(): PlatformBot
  close(): Promise<void>
}
