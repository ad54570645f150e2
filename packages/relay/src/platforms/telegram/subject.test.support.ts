import { fakeClock, fakeIds } from '@parley/testkit'
import type { Delivered, PlatformSubject, Shown, Writing } from '../conformance.js'
import type { EdgeRequest, OpenBotOptions, Place, PlatformBot, PlatformSink } from '../port.js'
import { telegramDriver } from './driver.js'
import { FakeTelegram } from './fake-api.test.support.js'
import { ada, ben, direct, type FakeMessage, group, stranger } from './fake-chats.test.support.js'
import { webhookSecret } from './webhook.js'

const botId = '7000000001'
const token = `${botId}:AAF-canary_of-the-bots_token`
const wrongToken = `${botId}:AAF-canary_of-another_token`
const users = [ada, ben, stranger]

type Update = ReturnType<FakeTelegram['update']>

/** A bot on a local Bot API server, which is asked for updates, or calls. */
export async function telegramSubject(mode: 'polling' | 'webhook'): Promise<PlatformSubject> {
  const clock = fakeClock()
  const fake = new FakeTelegram(token, () => clock.now())
  const apiRoot = await fake.listen()
  const reported: unknown[] = []
  const open = (ownToken: string): PlatformBot =>
    telegramDriver().open({
      platform: 'telegram',
      botId,
      label: '',
      settings: {
        apiRoot,
        ...(mode === 'webhook' && { webhookUrl: 'https://relay.example/relay/edge/telegram/1' }),
      },
      credentials: { token: ownToken },
      clock,
      ids: fakeIds(),
      // A driver that keeps nothing in the log.
      log: undefined as unknown as OpenBotOptions['log'],
      onFault: (error) => reported.push(error),
    })
  const bot = open(token)
  const deliveries = mode === 'polling' ? polled(fake, bot, () => clock.advance(60_000)) : called(fake, bot)
  return {
    bot,
    identity: { platform: 'telegram', botId },
    people: { ada: String(ada.id), ben: String(ben.id), stranger: String(stranger.id) },
    chats: {
      direct: { chatId: String(direct.id), scopeId: null },
      group: { chatId: String(group.id), scopeId: null },
    },
    canaries: () => [token.split(':')[1]!, wrongToken.split(':')[1]!, webhookSecret(token)],
    reported: () => reported,
    start: deliveries.start,
    retry: deliveries.retry,
    ...acting(fake, deliveries),
    ...looking(fake),
    faults: ['down', 'limited', 'refuses', 'hangs'],
    answer: async (how) => {
      fake.answering = how
    },
    hanging: () => fake.hanging,
    edge: {
      request: async (said) => signed(fake.update({ message: written(fake, said) }), webhookSecret(token)),
      tampered: (request) => withSecret(request, webhookSecret(wrongToken)),
      unsigned: (request) => withSecret(request, undefined),
      nonsense: async () => signed('no update', webhookSecret(token)),
    },
    wrongBot: () => open(wrongToken),
    close: async () => {
      await bot.stop()
      await fake.close()
    },
  }
}

type Deliveries = {
  start(sink: PlatformSink): Promise<void>
  /** What was handed over or is going to be. */
  deliver(update: Update): Promise<() => boolean>
  again(update: Update): Promise<void>
  retry(): Promise<void>
}

/** Updates wait until they are asked for. */
const polled = (fake: FakeTelegram, bot: PlatformBot, retry: () => Promise<void>): Deliveries => ({
  start: (sink) => bot.start(sink),
  deliver: async (update) => () => fake.isConfirmed(update),
  again: async (update) => fake.again(update),
  retry,
})

/** Updates are sent to the edge, one after another, until it takes them. */
function called(_fake: FakeTelegram, bot: PlatformBot): Deliveries {
  const rejected: Update[] = []
  const accepted = new Set<Update>()
  let sink: PlatformSink | undefined

  const call = async (update: Update): Promise<void> => {
    if (!sink) return
    const { status } = await bot.edge!(signed(update, webhookSecret(token)), sink)
    if (status < 300) accepted.add(update)
    else rejected.push(update)
  }

  return {
    start: async (to) => {
      sink = to
      await bot.start(to)
    },
    deliver: async (update) => {
      await call(update)
      return () => accepted.has(update)
    },
    again: call,
    retry: async () => {
      for (const update of rejected.splice(0)) await call(update)
    },
  }
}

function signed(body: unknown, secret: string): EdgeRequest {
  return {
    method: 'POST',
    path: `/relay/edge/telegram/${botId}`,
    headers: new Headers({ 'x-telegram-bot-api-secret-token': secret }),
    body: new TextEncoder().encode(JSON.stringify(body)),
  }
}

function withSecret(request: EdgeRequest, secret: string | undefined): EdgeRequest {
  const headers = new Headers(request.headers)
  headers.delete('x-telegram-bot-api-secret-token')
  if (secret !== undefined) headers.set('x-telegram-bot-api-secret-token', secret)
  return { ...request, headers }
}

const chatOf = ({ chatId }: Place) => (chatId === String(direct.id) ? direct : group)
const userOf = (id: string) => users.find((user) => String(user.id) === id)!

/** A user's message, in its chat. */
function written(fake: FakeTelegram, { by, chat, text, replyTo, isMention, file }: Writing): FakeMessage {
  const said = isMention ? `@parley_bot ${text}` : text
  const entities = isMention ? [{ type: 'mention', offset: 0, length: '@parley_bot'.length }] : []
  const replied = replyTo === undefined ? undefined : fake.chats.find(chat.chatId, replyTo)
  const name = `file${file?.filename}`
  if (file) fake.chats.files.set(`documents/${name}`, file.bytes)
  const document = file && {
    file_id: name,
    file_name: file.filename,
    mime_type: file.mime,
    file_size: file.bytes.length,
  }
  return fake.chats.post({
    chat: chatOf(chat),
    from: userOf(by),
    ...(file ? { caption: said, document } : { text: said, entities }),
    ...(replied && { reply_to_message: replied }),
  })
}

/** What users do. */
function acting(fake: FakeTelegram, deliveries: Deliveries) {
  const updates = new Map<string, Update>()

  const deliver = async (messageId: string, content: Record<string, unknown>): Promise<Delivered> => {
    const update = fake.update(content)
    updates.set(messageId, update)
    return { messageId, isAccepted: await deliveries.deliver(update) }
  }

  return {
    write: async (said) => {
      const message = written(fake, said)
      return await deliver(String(message.message_id), { message })
    },
    rewrite: async ({ chat, messageId, text }) => {
      const message = fake.chats.find(chat.chatId, messageId)!
      const edited_message = { ...message, text, edit_date: message.date + 1 }
      return await deliver(messageId, { edited_message })
    },
    press: async ({ by, chat, messageId, button }) => {
      const message = fake.chats.find(chat.chatId, messageId)!
      const data = message.reply_markup?.inline_keyboard.flat()[button]?.callback_data
      const callback_query = { id: '77', from: userOf(by), message, data, chat_instance: '1' }
      return await deliver('77', { callback_query })
    },
    remove: async (_chat, messageId) => fake.chats.remove(Number(messageId)),
    redeliver: async (_chat, messageId) => deliveries.again(updates.get(messageId)!),
    renameThread: async ({ id }, name) => {
      fake.chats.topics.set(Number(id), name)
      const chat = { chat: group, from: ada, message_thread_id: Number(id) }
      const message = { ...fake.chats.post(chat), forum_topic_edited: { name } }
      fake.chats.remove(message.message_id)
      await deliver(id, { message })
    },
  } satisfies Partial<PlatformSubject>
}

/** What users see. */
function looking(fake: FakeTelegram) {
  const toShown = (message: FakeMessage): Shown => ({
    id: String(message.message_id),
    text: message.text ?? message.caption ?? '',
    isOwn: message.from.id === fake.chats.me.id,
    replyTo: message.reply_to_message ? String(message.reply_to_message.message_id) : null,
    buttons: message.reply_markup?.inline_keyboard.flat().map(({ text }) => text) ?? [],
    files: message.document
      ? [{ filename: message.document.file_name, size: message.document.file_size }]
      : [],
    reactions: fake.chats.reactions.get(message.message_id) ?? [],
  })

  return {
    shown: async ({ chatId }) =>
      fake.chats.messages.filter(({ chat }) => String(chat.id) === chatId).map(toShown),
    isTyping: async ({ chatId }) => fake.chats.typing.has(chatId),
    threadName: async ({ id }) => fake.chats.topics.get(Number(id)),
    commands: async () => ({
      now: fake.commands.map(({ command, description }) => ({ name: command, description })),
      writes: fake.commandWrites,
    }),
  } satisfies Partial<PlatformSubject>
}
