import { setImmediate as turn } from 'node:timers/promises'
import type {
  MessageEvent,
  OutboundAction,
  OutboundResult,
  PassthroughForward,
} from '../../protocol/index.js'
import type { RelayTransport } from '../transport.js'

/** A transport that is not connected yet, and the other side of it. */
export type TransportSubject = {
  transport: RelayTransport
  actions(): readonly unknown[]
  acks(): readonly string[]
  interrupts(): readonly { sessionKey: string; reason: string | null }[]
  deliver(event: MessageEvent, bufferId?: string): void
  forward(forward: PassthroughForward, bufferId?: string): void
  interrupt(sessionKey: string, chatId: string): void
  /** Decides results from now on; undefined: none ever comes. */
  answer(result: (action: OutboundAction) => OutboundResult | undefined): void
  /** Cuts the connection; resolves when the transport knows. */
  lose(): Promise<void>
}

/** How the cases get their transports. */
export type Openings = {
  open(): Promise<TransportSubject>
  /** Connected, the descriptor there. */
  connected(): Promise<TransportSubject>
}

const source = {
  platform: 'telegram',
  chat_type: 'group',
  chat_name: null,
  user_id: 'U1',
  user_name: null,
  thread_id: null,
  chat_topic: null,
}

/** An event for tests. */
export const anEvent = (text: string, chatId = 'C1', messageId = text): MessageEvent => ({
  text,
  message_type: 'text',
  message_id: messageId,
  source: { ...source, chat_id: chatId },
})

export const sending = (content: string): OutboundAction => ({ op: 'send', chat_id: 'C1', content })

export const followUp = {
  op: 'follow_up',
  session_key: 'agent:main:discord:group:C1:U1',
  kind: 'discord.interaction_token',
  content: 'Done.',
} as const

/** Waits for what other turns of the loop, sockets among them, bring about. The runner's own limit ends it. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await turn()
}
