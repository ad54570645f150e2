// The chats of the Bot API server for tests.

import { readMarkdownV2 } from './fake-markdown.test.support.js'

export type Payload = Record<string, unknown>

export class Refusal extends Error {
  readonly code: number
  constructor(code: number, message: string) {
    super(message)
    this.code = code
  }
}

export type FakeMessage = {
  message_id: number
  chat: FakeChat
  from: FakeUser
  date: number
  text?: string
  entities?: { type: string; offset: number; length: number }[]
  caption?: string
  reply_to_message?: FakeMessage
  reply_markup?: { inline_keyboard: { text: string; callback_data: string }[][] }
  document?: { file_id: string; file_name: string; mime_type: string; file_size: number }
  message_thread_id?: number
  is_topic_message?: true
}
export type FakeChat = { id: number; type: string; title?: string; first_name?: string; is_forum?: true }
export type FakeUser = { id: number; is_bot: boolean; first_name: string; username?: string }

export const ada: FakeUser = { id: 4200000001, is_bot: false, first_name: 'Ada', username: 'ada' }
export const ben: FakeUser = { id: 4200000002, is_bot: false, first_name: 'Ben' }
export const stranger: FakeUser = { id: 4200000003, is_bot: false, first_name: 'Someone' }
export const direct: FakeChat = { id: ada.id, type: 'private', first_name: 'Ada' }
export const group: FakeChat = { id: -1001234567890, type: 'supergroup', title: 'ops', is_forum: true }

export class FakeChats {
  readonly me: FakeUser & { username: string }
  readonly messages: FakeMessage[] = []
  readonly reactions = new Map<number, string[]>()
  readonly typing = new Set<string>()
  readonly topics = new Map<number, string>()
  readonly files = new Map<string, Uint8Array>()
  readonly #now: () => number
  #lastId = 100

  constructor(botId: number, now: () => number) {
    this.me = { id: botId, is_bot: true, first_name: 'Parley', username: 'parley_bot' }
    this.#now = now
  }

  /** Puts a message into a chat. */
  post(content: Omit<FakeMessage, 'message_id' | 'date'>): FakeMessage {
    const message = { ...content, message_id: ++this.#lastId, date: Math.floor(this.#now() / 1_000) }
    this.messages.push(message)
    return message
  }

  remove(messageId: number): void {
    const at = this.messages.findIndex(({ message_id }) => message_id === messageId)
    if (at >= 0) this.messages.splice(at, 1)
  }

  find(chatId: string, messageId: unknown): FakeMessage | undefined {
    return this.messages.find((one) => String(one.chat.id) === chatId && one.message_id === Number(messageId))
  }

  call(method: string, payload: Payload): unknown {
    if (method === 'getFile') return { file_id: payload.file_id, file_path: `documents/${payload.file_id}` }
    const chat = [direct, group].find(({ id }) => String(id) === String(payload.chat_id))
    if (!chat) throw new Refusal(400, 'Bad Request: chat not found')
    const found = this.find(String(chat.id), payload.message_id)
    switch (method) {
      case 'getChat':
        return chat
      case 'getChatMember':
        return this.#member(Number(payload.user_id))
      case 'sendMessage':
        return this.#send(chat, payload, { text: textOf(payload.text, payload.parse_mode, 4_096) })
      case 'sendDocument':
        return this.#send(chat, payload, this.#document(payload))
      case 'editMessageText':
        return this.#edit(found, textOf(payload.text, payload.parse_mode, 4_096))
      case 'deleteMessage':
        if (!found) throw new Refusal(400, 'Bad Request: message to delete not found')
        this.remove(found.message_id)
        return true
      case 'sendChatAction':
        this.typing.add(String(chat.id))
        return true
      case 'setMessageReaction':
        return this.#react(found, payload.reaction as { emoji: string }[])
      case 'createForumTopic':
        this.topics.set(++this.#lastId, String(payload.name))
        return { message_thread_id: this.#lastId, name: payload.name, icon_color: 0 }
      case 'editForumTopic':
        this.topics.set(Number(payload.message_thread_id), String(payload.name))
        return true
      default:
        throw new Refusal(404, 'Not Found')
    }
  }

  #member(userId: number): unknown {
    if (userId === stranger.id) return { status: 'left', user: stranger }
    const user = [ada, ben].find(({ id }) => id === userId)
    if (!user) throw new Refusal(400, 'Bad Request: user not found')
    return { status: 'member', user }
  }

  #send(chat: FakeChat, payload: Payload, content: Partial<FakeMessage>): FakeMessage {
    const reply = payload.reply_parameters as
      | { message_id: number; allow_sending_without_reply?: boolean }
      | undefined
    const replied = reply && this.find(String(chat.id), reply.message_id)
    if (reply && !replied && !reply.allow_sending_without_reply)
      throw new Refusal(400, 'Bad Request: message to be replied not found')
    const keyboard = payload.reply_markup as FakeMessage['reply_markup']
    for (const { callback_data } of keyboard?.inline_keyboard.flat() ?? [])
      if (Buffer.byteLength(callback_data) > 64) throw new Refusal(400, 'Bad Request: BUTTON_DATA_INVALID')
    return this.post({
      chat,
      from: this.me,
      ...content,
      ...(replied && { reply_to_message: replied }),
      ...(keyboard && { reply_markup: keyboard }),
    })
  }

  #document(payload: Payload): Partial<FakeMessage> {
    const name = String(payload.document).replace('attach://', '')
    const file = payload[name]
    if (!(file instanceof File)) throw new Refusal(400, 'Bad Request: there is no document in the request')
    const document = { file_id: name, file_name: file.name, mime_type: file.type, file_size: file.size }
    const caption = payload.caption === undefined ? '' : textOf(payload.caption, payload.parse_mode, 1_024)
    return { document, ...(caption !== '' && { caption }) }
  }

  #edit(found: FakeMessage | undefined, text: string): unknown {
    if (!found) throw new Refusal(400, 'Bad Request: message to edit not found')
    if (found.from !== this.me) throw new Refusal(400, 'Bad Request: message can’t be edited')
    if (found.text === text)
      throw new Refusal(
        400,
        'Bad Request: message is not modified: specified new message content is the same',
      )
    found.text = text
    return found
  }

  #react(found: FakeMessage | undefined, reaction: { emoji: string }[]): true {
    if (!found) throw new Refusal(400, 'Bad Request: message to react not found')
    this.reactions.set(
      found.message_id,
      reaction.map(({ emoji }) => emoji),
    )
    return true
  }
}

function textOf(value: unknown, parseMode: unknown, most: number): string {
  const read = parseMode === 'MarkdownV2' ? readMarkdownV2(String(value)) : { text: String(value) }
  if ('wrong' in read)
    throw new Refusal(400, `Bad Request: can't parse entities: Character '${read.wrong}' is reserved`)
  if (read.text.trim() === '') throw new Refusal(400, 'Bad Request: message text is empty')
  if (read.text.length > most) throw new Refusal(400, 'Bad Request: message is too long')
  return read.text
}
