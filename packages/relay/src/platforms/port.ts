// What the relay needs of a chat platform. A driver speaks one platform's API; a bot is one credential that it has opened.

import type { Clock, Ids } from '@parley/kernel/ids'
import type { Log } from '@parley/kernel/log'
import type {
  BotIdentity,
  CapabilityDescriptor,
  ChatInfo,
  MediaItem,
  MessageType,
  OutboundAction,
  PassthroughForward,
  PromptOption,
} from '../protocol/index.js'

/** A platform's real numbers, as data. */
export type PlatformLimits = {
  /** Per message, in the descriptor's `len_unit`. */
  messageLength: number
  captionLength: number
  /** Buttons of one prompt that are shown natively; 0: none. */
  promptButtons: number
  /** Longest label of a button, in code points. */
  buttonLabel: number
  /** Largest file that can be sent, in bytes. */
  mediaBytes: number
  /** Calls that a chat takes: `calls` in `perMs`. One of them is kept for final answers. */
  chatRate: { calls: number; perMs: number }
  /** Calls of the whole bot. */
  botRate: { calls: number; perMs: number }
  /** Commands of one bot. */
  commands: number
}

/** Where something is. `scopeId`: null for chats outside of any. */
export type Place = { chatId: string; scopeId: string | null }

/** Unknown counts as no wherever something is allowed by it. */
export type Known = 'yes' | 'no' | 'unknown'

/** What may be asked of a bot besides `get_chat_info`. `follow_up` comes with the secret it names. */
export type PlatformAction =
  | Exclude<OutboundAction, { op: 'get_chat_info' | 'follow_up' | 'send_media' | 'prompt' }>
  | (Extract<OutboundAction, { op: 'send_media' }> & { file: MediaFile })
  | (Extract<OutboundAction, { op: 'prompt' }> & { controls: readonly PromptControl[] })
  | { op: 'follow_up'; secret: string; isFirst: boolean; content: string }

/** The bytes of a file to send; read at most once. */
export type MediaFile = { filename: string; mime: string; bytes: Uint8Array }
/** A button: `token` is what a press brings back. */
export type PromptControl = PromptOption & { token: string }

/** What became of a call. Messages never hold a credential, nor an address with one. */
export type PlatformResult =
  | { outcome: 'done'; messageId?: string; threadId?: string; autoThreadName?: string; rung?: string }
  /** The platform said no: trying again can't help. */
  | { outcome: 'refused'; error: string }
  /** Too many calls: after a pause it may be done. It was not done. */
  | { outcome: 'limited'; retryAfterMs: number }
  /** It was not done, the platform is not well: it may be tried again. */
  | { outcome: 'failed'; error: string }
  /** It may have been done. */
  | { outcome: 'ambiguous'; error: string }

/** A message as the platform has it, before anybody decided whose it is. */
export type PlatformMessage = {
  /** Unique per bot: what the platform's deliveries of the same thing have in common. */
  dedupe: string
  messageId: string
  text: string
  messageType: MessageType
  /** Where, and by whom: what the platform observed, never what a text claims. */
  chat: {
    id: string
    type: 'dm' | 'group' | 'channel' | 'thread' | 'forum'
    name: string | null
    topic: string | null
    scopeId: string | null
    threadId: string | null
    parentId: string | null
    autoThreadName?: string
  }
  author: {
    id: string
    name: string | null
    displayName?: string
    handle?: string
    isBot: boolean
    /** The bot's own. */
    isSelf: boolean
  }
  /** It mentions the bot, answers it, or is a press of its buttons. */
  addressesBot: boolean
  isEdit: boolean
  replyTo?: { messageId: string; text?: string; author?: string; isOwn?: boolean }
  media: readonly PlatformMedia[]
  /** A press on a control: the token it carries (5.7), and the label that was pressed. */
  press?: { token: string; label?: string; messageId?: string }
  /** When the platform says it was sent, in milliseconds since 1970. */
  sentAt: number
}

/** A file of a message: public as it is, or only to be had with the credential; then the driver loads it. */
export type PlatformMedia = Omit<MediaItem, 'url'> &
  ({ url: string } | { load(signal: AbortSignal): Promise<Uint8Array> })

/** A request that is passed on as it is, without what could act as the bot (6.2). */
export type PlatformForward = {
  dedupe: string
  forward: PassthroughForward
  /** Who pressed or typed, where: for choosing who receives it. */
  chat: PlatformMessage['chat']
  author: PlatformMessage['author']
  /** A control's token, when it is a press. */
  pressToken?: string
  /** What was taken out of the request: `kind` for example `discord.interaction_token`. */
  capability?: { kind: string; secret: string }
}

/** Takes what a platform delivers. Resolves when it is stored: then the platform may be told so. */
export interface PlatformSink {
  message(message: PlatformMessage): Promise<void>
  forward(forward: PlatformForward): Promise<void>
  /** One of the bot's own messages was seen on the platform. */
  seen(place: Place, messageId: string): Promise<void>
  health(health: BotHealth): void
  /** What was read so far, for platforms that are asked for updates: `loadCursor` of the next start. */
  saveCursor(cursor: string): Promise<void>
  loadCursor(): Promise<string | undefined>
}

/** `detail` is for people, and never holds a credential. */
export type BotHealth = { state: 'starting' | 'well' | 'limited' | 'failing' | 'refused'; detail?: string }

/** A request of a platform at the edge. */
export type EdgeRequest = {
  method: string
  /** Path with query. */
  path: string
  headers: Headers
  /** At most 256 KiB. */
  body: Uint8Array
}
export type EdgeAnswer = { status: number; headers?: Readonly<Record<string, string>>; body?: string }

/** One bot, opened. */
export interface PlatformBot {
  readonly descriptor: CapabilityDescriptor
  readonly limits: PlatformLimits
  /** What one chat takes, where chats differ. Default: `limits.chatRate`. */
  rateOf?(chatId: string): PlatformLimits['chatRate']
  /** Does one thing, once. Never throws for what the platform answers. `signal` ends the wait. */
  perform(action: PlatformAction, options: { signal: AbortSignal }): Promise<PlatformResult>
  /** Undefined when the platform does not know the chat. */
  chatInfo(
    chatId: string,
    options: { signal: AbortSignal },
  ): Promise<(ChatInfo & { scopeId?: string }) | undefined>
  /** May this user view that chat now? */
  canView(userId: string, place: Place): Promise<Known>
  /** Does the chat belong to that scope? */
  isIn(place: { chatId: string; scopeId: string }): Promise<Known>
  /** Is the chat a direct one with exactly this user? */
  isDirect(chatId: string, userId: string): Promise<Known>
  /** What was said before a message, oldest first; only where the descriptor says `supports_context`. */
  context?(place: Place, before: string): Promise<ContextMessage[]>
  /**
   * Begins to take messages in; one node at a time calls it. Rejects when it can't, and may then be called again. Ends with `stop`,
   * after which the bot is not used any more.
   */
  start(sink: PlatformSink): Promise<void>
  /**
   * Answers a request of the platform: checks its signature, takes what it brings to the sink, then answers. On any node, also
   * where it was not started. A signature that is wrong is 401, and nothing else happens.
   */
  edge?(request: EdgeRequest, sink: PlatformSink): Promise<EdgeAnswer>
  /** Makes these the bot's commands: reads, compares, writes when they differ. */
  setCommands?(manifest: readonly BotCommand[]): Promise<void>
  /** Asks the platform who the bot is: proves the credential. Throws `relay.credential_refused`. */
  check(signal: AbortSignal): Promise<{ botId: string; username: string | null }>
  stop(): Promise<void>
}
export type ContextMessage = { text: string; userId: string; userName?: string }
/** Discord's application-command shape. */
export type BotCommand = { name: string; description: string; options?: readonly unknown[] }

/**
 * What a driver is opened with. `settings` are its own; `credentials` come unsealed and stay inside. `botId` is empty for a bot of which
 * only the credential is known: then `check` tells it, and nothing else is asked of it.
 */
export type OpenBotOptions = BotIdentity & {
  label: string
  settings: Readonly<Record<string, unknown>>
  credentials: Readonly<Record<string, string>>
  clock: Clock
  ids: Ids
  /** For drivers that keep what they know in streams of their own: the simulator. */
  log: Log
  onFault(error: unknown, where: string): void
}

/** Speaks one platform. */
export interface PlatformDriver {
  /** `sim`, `telegram`, `discord`. */
  readonly name: string
  /** What the wire calls its platform; null: whatever the bot says (the simulator). */
  readonly platform: string | null
  /** Which credentials it needs, for forms and the command. */
  readonly credentials: readonly { name: string; about: string; isOptional?: boolean }[]
  /**
   * Settings that an operator of one tenant may give as well. WHY: another one may say where the connector connects to, and whoever
   * answers there says who wrote what. Default: none.
   */
  readonly tenantSettings?: readonly string[]
  /** Throws `relay.invalid_request` for settings that do not fit. Opens no connection. */
  open(options: OpenBotOptions): PlatformBot
}

/** Every op that a driver may offer (contract 5.1). */
export const everyOp = [
  'send',
  'edit',
  'typing',
  'follow_up',
  'get_chat_info',
  'send_media',
  'prompt',
  'react',
  'thread_create',
  'thread_rename',
  'delete',
] as const
