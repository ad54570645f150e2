// A platform for tests of the service: it remembers what it was asked to do, and answers what a test tells it to.

import { relayErrors } from '../errors.js'
import type {
  BotCommand,
  EdgeAnswer,
  EdgeRequest,
  Known,
  OpenBotOptions,
  PlatformAction,
  PlatformBot,
  PlatformDriver,
  PlatformLimits,
  PlatformMessage,
  PlatformResult,
  PlatformSink,
} from '../platforms/port.js'
import { everyOp } from '../platforms/port.js'
import type { BotIdentity, CapabilityDescriptor } from '../protocol/index.js'

export { aForward, aMessage, recordingSink } from './platform-messages.test.support.js'

/** `members`: who may view it, everybody by default; a `dm` is with exactly its one member. */
export type FakeChat = {
  type?: PlatformMessage['chat']['type']
  name?: string
  scopeId?: string | null
  members?: readonly string[]
}

/** What a call is answered: as it is, or by a function, which may take its time or throw. */
export type FakeAnswer =
  | PlatformResult
  | ((action: PlatformAction) => PlatformResult | Promise<PlatformResult>)

export type FakeBot = PlatformBot & {
  readonly identity: BotIdentity
  /** What `perform` was called with, in order. */
  readonly performed: PlatformAction[]
  /** Chats that the platform knows; a test may change them at any time. */
  readonly chats: Map<string, FakeChat>
  /** Command lists that were set, in order. */
  readonly commands: (readonly BotCommand[])[]
  /** What it was opened with; undefined when it was made without a driver. */
  readonly openedWith: OpenBotOptions | undefined
  /** How often `start`, `stop`, `check` and `edge` were called. */
  readonly calls: { start: number; stop: number; check: number; edge: number }
  /** Where it delivers while it is started. */
  sink: PlatformSink | undefined
  /** Answers of the next calls of `perform`, in order; afterwards every call is `done`. */
  answer(...answers: readonly FakeAnswer[]): void
  /** When set, these throw instead. */
  failing: { start?: unknown; check?: unknown; setCommands?: unknown; canView?: unknown }
  onEdge: (request: EdgeRequest, sink: PlatformSink) => Promise<EdgeAnswer>
}

export type FakeBotOptions = {
  platform?: string
  botId?: string
  descriptor?: Partial<CapabilityDescriptor>
  limits?: Partial<PlatformLimits>
  chats?: Readonly<Record<string, FakeChat>>
}

const defaultLimits: PlatformLimits = {
  messageLength: 2_000,
  captionLength: 1_000,
  promptButtons: 5,
  buttonLabel: 40,
  mediaBytes: 26_214_400,
  chatRate: { calls: 1_000, perMs: 1_000 },
  botRate: { calls: 10_000, perMs: 1_000 },
  commands: 100,
}

const descriptorOf = (platform: string): CapabilityDescriptor => ({
  contract_version: 1,
  platform,
  label: 'Fake',
  max_message_length: 2_000,
  supports_draft_streaming: false,
  supports_edit: true,
  supports_threads: true,
  markdown_dialect: 'plain',
  len_unit: 'chars',
  supported_ops: [...everyOp],
})

const withoutMessage = new Set<PlatformAction['op']>(['typing', 'react', 'delete', 'thread_rename'])

/** A bot of a platform that exists only here. By default `discord`/`b1`. */
export function fakeBot(options: FakeBotOptions = {}, openedWith?: OpenBotOptions): FakeBot {
  const identity = { platform: options.platform ?? 'discord', botId: options.botId ?? 'b1' }
  const chats = new Map(Object.entries(options.chats ?? {}))
  const answers: FakeAnswer[] = []
  let messages = 0

  const done = ({ op }: PlatformAction): PlatformResult => {
    if (withoutMessage.has(op)) return { outcome: 'done' }
    const id = `m${++messages}`
    return { outcome: 'done', messageId: id, ...(op === 'thread_create' && { threadId: `t${messages}` }) }
  }

  const bot: FakeBot = {
    identity,
    descriptor: { ...descriptorOf(identity.platform), ...options.descriptor },
    limits: { ...defaultLimits, ...options.limits },
    performed: [],
    chats,
    commands: [],
    openedWith,
    calls: { start: 0, stop: 0, check: 0, edge: 0 },
    sink: undefined,
    answer: (...more) => void answers.push(...more),
    failing: {},
    onEdge: async () => ({ status: 200 }),

    perform: async (action) => {
      bot.performed.push(action)
      const answer = answers.shift() ?? done
      return typeof answer === 'function' ? await answer(action) : answer
    },
    chatInfo: async (chatId) => {
      const chat = chats.get(chatId)
      if (!chat) return undefined
      const { name = chatId, type = 'group', scopeId } = chat
      return { name, type, ...(scopeId && { scopeId }) }
    },
    canView: async (userId, { chatId }) => {
      throwIf(bot.failing.canView)
      return known(chats.get(chatId), ({ members }) => !members || members.includes(userId))
    },
    isIn: async ({ chatId, scopeId }) => known(chats.get(chatId), (chat) => chat.scopeId === scopeId),
    isDirect: async (chatId, userId) =>
      known(chats.get(chatId), ({ type, members }) => type === 'dm' && members?.join() === userId),
    start: async (sink) => {
      bot.calls.start += 1
      throwIf(bot.failing.start)
      bot.sink = sink
    },
    edge: async (request, sink) => {
      bot.calls.edge += 1
      return await bot.onEdge(request, sink)
    },
    setCommands: async (manifest) => {
      throwIf(bot.failing.setCommands)
      bot.commands.push(manifest)
    },
    check: async () => {
      bot.calls.check += 1
      throwIf(bot.failing.check)
      if (openedWith?.credentials.token === 'wrong') throw relayErrors.credentialRefused()
      return { botId: identity.botId, username: 'fake_bot' }
    },
    stop: async () => {
      bot.calls.stop += 1
      bot.sink = undefined
    },
  }
  return bot
}

const known = (chat: FakeChat | undefined, holds: (chat: FakeChat) => boolean): Known =>
  chat ? (holds(chat) ? 'yes' : 'no') : 'unknown'

function throwIf(error: unknown): void {
  if (error !== undefined) throw error
}

export type FakeDriver = PlatformDriver & {
  /** Every bot that was opened, in order. */
  readonly opened: FakeBot[]
  /** The one that was opened last with this id. */
  bot(botId?: string): FakeBot
}

/**
 * A driver of fake bots, `fake` for platform `discord` by default. It wants a credential `token` (the platform refuses `wrong`) and
 * throws for settings with a member `bad`. `prepare` sees each bot when it is opened.
 */
export function fakeDriver(
  options: {
    name?: string
    platform?: string | null
    /** Whom `check` finds when the bot's id is not known yet. */
    botId?: string
    bot?: Omit<FakeBotOptions, 'platform' | 'botId'>
    prepare?(bot: FakeBot): void
  } = {},
): FakeDriver {
  const opened: FakeBot[] = []
  return {
    name: options.name ?? 'fake',
    platform: options.platform === undefined ? 'discord' : options.platform,
    credentials: [{ name: 'token', about: 'The secret of the bot' }],
    opened,
    open: (openedWith) => {
      if ('bad' in openedWith.settings)
        throw relayErrors.invalidRequest({ message: 'settings.bad must not be' })
      const botId = openedWith.botId || (options.botId ?? 'b1')
      const bot = fakeBot({ ...options.bot, platform: openedWith.platform, botId }, openedWith)
      options.prepare?.(bot)
      opened.push(bot)
      return bot
    },
    bot: (botId = 'b1') => {
      const bot = opened.findLast(({ identity }) => identity.botId === botId)
      if (!bot) throw new Error(`no bot ${botId} was opened`)
      return bot
    },
  }
}
