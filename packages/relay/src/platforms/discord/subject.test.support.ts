import type { TestGround } from '@parley/testkit'
import type { Delivered, PlatformSubject, Shown } from '../conformance.js'
import type { PlatformSink } from '../port.js'
import type { FakeDiscord } from './fake-discord.test.support.js'
import { type FakeMessage, ids } from './fake-world.test.support.js'
import {
  botToken,
  direct,
  discordSetting,
  group,
  identity,
  interaction,
  limitedFor,
  type Setting,
  signed,
  tokenMark,
} from './setting.test.support.js'

export async function discordSubject(ground: TestGround): Promise<PlatformSubject> {
  const setting = await discordSetting(ground)
  const { fake, bot, clock, open, reported } = setting
  const sinks: { current?: PlatformSink } = {}
  return {
    bot,
    identity,
    people: { ada: ids.ada, ben: ids.ben, stranger: ids.stranger },
    chats: { direct, group },
    canaries: () => [botToken, tokenMark, 'wrong-token-canary'],
    reported: () => reported,
    start: async (sink) => {
      sinks.current = sink
      await bot.start(sink)
    },
    retry: () => clock.advance(60_000),
    ...acting(setting, sinks),
    ...looking(fake),
    ...failing(fake),
    wrongBot: () => open({ token: 'wrong-token-canary' }),
    close: setting.close,
  }
}

/** What users do. */
function acting({ fake, bot, privateKey }: Setting, sinks: { current?: PlatformSink }) {
  const { world, gateway } = fake

  const created = (message: FakeMessage, t = 'MESSAGE_CREATE') => {
    const guildId = world.channels.get(message.channel_id)?.guild_id
    const { reactions: _, called: __, ...data } = message
    gateway.dispatch(t, { ...data, ...(guildId && { guild_id: guildId, member: { nick: null, roles: [] } }) })
  }

  /** Discord learns of nothing being stored: the sink is asked for what it has. */
  const delivered = (messageId: string, text: string): Delivered => ({
    messageId,
    isAccepted: () => {
      const sink = sinks.current as
        | (PlatformSink & { messages?: { messageId: string; text: string }[] })
        | undefined
      return sink?.messages?.some((one) => one.messageId === messageId && one.text === text) ?? false
    },
  })

  const called = async (body: ReturnType<typeof interaction>): Promise<Delivered> => {
    const answer = await bot.edge!(signed(privateKey, body), sinks.current!)
    const type =
      answer.status === 200 ? (JSON.parse(answer.body ?? '{}') as { type?: number }).type : undefined
    const waits = world.interactions.get(body.token)!
    if (type === 5)
      waits.originalId = world.post({
        channel_id: body.channel_id,
        content: 'thinking…',
        author: world.bot,
      }).id
    return { messageId: body.id, isAccepted: () => answer.status === 200 }
  }

  return {
    write: async ({ by, chat, text, replyTo, isMention, file }) => {
      const replied = world.messages.get(replyTo ?? '')
      const content = isMention ? `<@${ids.bot}> ${text}` : text
      const message = world.post({
        channel_id: chat.chatId,
        content,
        author: world.users.get(by)!,
        mentions: isMention ? [world.bot] : [],
        ...(replied && {
          message_reference: { message_id: replied.id, channel_id: chat.chatId },
          referenced_message: replied,
        }),
        attachments: file
          ? [
              {
                id: world.nextId(),
                filename: file.filename,
                size: file.bytes.length,
                url: 'https://cdn.example/1',
                content_type: file.mime,
              },
            ]
          : [],
      })
      created(message)
      return delivered(message.id, content)
    },
    rewrite: async ({ messageId, text }) => {
      const message = world.messages.get(messageId)!
      Object.assign(message, { content: text, edited_timestamp: '2026-01-01T00:05:00.000000+00:00' })
      created(message, 'MESSAGE_UPDATE')
      return delivered(messageId, text)
    },
    redeliver: async (_chat, messageId) => created(world.messages.get(messageId)!),
    remove: async (_chat, messageId) => void world.messages.delete(messageId),
    press: async ({ by, chat, messageId, button }) => {
      const message = world.messages.get(messageId)!
      const pressed = message.components.flatMap((row) => row.components)[button]
      const data = { component_type: 2, custom_id: pressed?.custom_id }
      return await called(interaction(fake, { by, channelId: chat.chatId, type: 3, data, message }))
    },
    command: async ({ by, chat, name, value }) => {
      const data = { id: world.nextId(), type: 1, name, options: [{ name: 'x', type: 3, value }] }
      return await called(interaction(fake, { by, channelId: chat.chatId, type: 2, data }))
    },
    edge: {
      request: async ({ by, chat, text }) => {
        const data = {
          id: world.nextId(),
          type: 1,
          name: 'say',
          options: [{ name: 'x', type: 3, value: text }],
        }
        return signed(privateKey, interaction(fake, { by, channelId: chat.chatId, type: 2, data }))
      },
      tampered: (request) => ({ ...request, body: Buffer.concat([request.body, Buffer.from(' ')]) }),
      unsigned: (request) => ({ ...request, headers: new Headers({ 'content-type': 'application/json' }) }),
      nonsense: async () => signed(privateKey, { type: 2, id: 'x' }),
    },
  } satisfies Partial<PlatformSubject>
}

/** What users see. */
function looking({ world }: FakeDiscord) {
  const toShown = (message: FakeMessage): Shown => ({
    id: message.id,
    text: message.content,
    isOwn: message.author.id === ids.bot,
    replyTo: message.message_reference?.message_id ?? null,
    buttons: message.components.flatMap((row) => row.components.map(({ label }) => label)),
    files: message.attachments,
    reactions: [...message.reactions],
  })
  return {
    shown: async ({ chatId }) => world.messagesOf(chatId).map(toShown),
    isTyping: async ({ chatId }) => world.typing.has(chatId),
    called: async (_chat, messageId) => world.messages.get(messageId)?.called ?? 0,
    threadName: async ({ id }) => world.channels.get(id)?.name,
    renameThread: async ({ id }, name) => {
      world.channels.get(id)!.name = name
    },
    commands: async () => ({
      now: world.commands.map(({ name, description }) => ({
        name: String(name),
        description: String(description),
      })),
      writes: world.commandWrites,
    }),
  } satisfies Partial<PlatformSubject>
}

/** What goes wrong. Texts of a platform are not to be trusted: these repeat the token. */
function failing(fake: FakeDiscord) {
  const json = { 'content-type': 'application/json' }
  return {
    faults: ['down', 'refuses', 'hangs', 'limited'],
    hanging: () => fake.hanging(),
    answer: async (how) => {
      if (how === 'well') fake.trouble = undefined
      else if (how === 'hangs') fake.trouble = { kind: 'hangs' }
      else if (how === 'down')
        fake.trouble = { kind: 'status', status: 503, body: `upstream: Bot ${botToken}` }
      else if (how === 'refuses') {
        const body = JSON.stringify({ message: `Missing Permissions for Bot ${botToken}`, code: 50_013 })
        fake.trouble = { kind: 'status', status: 403, body, headers: json }
      } else fake.trouble = limitedFor(how.limitedForMs)
    },
  } satisfies Partial<PlatformSubject>
}
