// Frames of the wire contract (sections 2, 4, 5 and 7) as a gateway and a connector write them, for both sides of each comparison.
import { createHmac } from 'node:crypto'

export const platform = 'instant'
export const botId = '4711'

export type Credentials = { gatewayId: string; secret: string }

/** The upgrade token (2.2), good for five minutes. */
export function upgradeToken({ gatewayId, secret }: Credentials): string {
  const signed = `${gatewayId}:${Math.floor(Date.now() / 1_000) + 300}`
  const sig = createHmac('sha256', secret).update(signed).digest('hex')
  return Buffer.from(`${signed}:${sig}`).toString('base64url')
}

/** A frame is one JSON text with a newline behind it, in a message of its own (2.5). */
export const line = (frame: object): string => `${JSON.stringify(frame)}\n`

export const helloLine = line({ type: 'hello', platform, botId })

export type Op = 'send' | 'typing'

/** Names of chats and people: of one length, so that all frames of a kind are of one length. */
export const chatName = (n: number): string => `-100${String(n).padStart(9, '0')}`
export const userName = (n: number): string => `7${String(n).padStart(9, '0')}`

const answerText = 'The build is green again; the flaky test is fixed.'

/** What a gateway asks for. `requestId`: 32 digits, as the reference has them. */
export function outboundLine(op: Op, requestId: string, chatId: string): string {
  const metadata = { user_id: userName(0) }
  const action =
    op === 'send'
      ? { op, chat_id: chatId, content: answerText, reply_to: null, metadata }
      : { op, chat_id: chatId, metadata }
  return line({ type: 'outbound', requestId, action, platform, botId })
}

export const requestName = (n: number): string => n.toString(16).padStart(32, '0')

/** What a connector answers. */
export function resultLine(requestId: string, op: Op, n: number): string {
  const result = op === 'send' ? { success: true, message_id: String(1_000_000_000 + n) } : { success: true }
  return line({ type: 'outbound_result', requestId, result })
}

/** An event as the plane sends it, member by member; `n` numbers it and its buffer entry. */
export function inboundLine(n: number, asked: { chatId: string; userId: string; text: string }): string {
  const message_id = messageName(n)
  const event = {
    text: asked.text,
    message_type: 'text',
    message_id,
    reply_to_message_id: null,
    source: {
      platform,
      chat_id: asked.chatId,
      chat_type: 'group',
      chat_name: 'A chat',
      user_id: asked.userId,
      user_name: 'Ada',
      thread_id: null,
      chat_topic: null,
      message_id,
      is_bot: false,
      message_is_edit: false,
    },
  }
  return line({ type: 'inbound', bufferId: bufferName(n), event })
}

export const messageName = (n: number): string => String(n).padStart(12, '0')

export const ackLine = (bufferId: string): string => line({ type: 'inbound_ack', bufferId })

/** Buffer ids of the plane's length. */
export const bufferName = (n: number): string => `buf_${n.toString(16).padStart(32, '0')}`

/** Bytes of an acknowledgement on the wire: two of head, four of mask, the text. */
export const ackBytes = 6 + Buffer.byteLength(ackLine(bufferName(0)))

/** The text of an event: its number, when it was sent in milliseconds since 1970, some words. */
export const eventText = (n: number): string =>
  `${String(n).padStart(9, '0')} ${now().toFixed(3)} can you look at this please?`

/** Number and time of an event. */
export function readEventText(text: string): { n: number; at: number } {
  const [n, at] = text.split(' ', 2)
  return { n: Number(n), at: Number(at) }
}

export const now = (): number => performance.timeOrigin + performance.now()
