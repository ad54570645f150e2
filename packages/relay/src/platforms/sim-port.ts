// What a simulated bot offers besides: a person or a test chats on it as several users.

import type { SimChat, SimFaults, SimMessage, SimScope, SimTyping, SimUser } from '../protocol/index.js'
import type { BotCommand, PlatformBot } from './port.js'

export type { SimChat, SimFaults, SimMessage, SimScope, SimTyping, SimUser } from '../protocol/index.js'

/** A platform that lives in this process, and in the log. Everything it does is durable before it resolves. */
export interface SimControls {
  readonly users: readonly SimUser[]
  readonly scopes: readonly SimScope[]
  readonly chats: readonly SimChat[]
  /** What the connector has set as the bot's commands. */
  readonly commands: readonly BotCommand[]
  /** Oldest first; `after`: newer than this message. */
  messages(chatId: string, query?: { after?: string; limit?: number }): readonly SimMessage[]
  typing(): readonly SimTyping[]
  addUser(user: SimUser): Promise<void>
  addScope(scope: SimScope): Promise<void>
  addChat(chat: SimChat): Promise<void>
  /**
   * A user writes. Resolves when the connector has accepted the update. A message id that is there already comes again as it was, as
   * platforms do. Makes chat, scope and user when they are not there.
   */
  say(said: {
    userId: string
    chatId: string
    text: string
    chatType?: SimChat['type']
    scopeId?: string | null
    messageId?: string
    replyTo?: string
    media?: readonly { filename: string; mime: string; bytes: Uint8Array }[]
  }): Promise<SimMessage>
  /** A user presses a control. Resolves when the connector has accepted it. */
  press(pressed: { userId: string; chatId: string; messageId: string; optionId: string }): Promise<void>
  /** A user types a command of the platform's own (Discord): it goes over the passthrough, with a token. */
  command(typed: {
    userId: string
    chatId: string
    name: string
    options?: readonly { name: string; value: string }[]
  }): Promise<void>
  faults(change?: Partial<SimFaults>): SimFaults
  /** Told of every change, in the order of the log. */
  onChange(listener: () => void): () => void
}

export type SimBot = PlatformBot & { readonly sim: SimControls }
export const isSimBot = (bot: PlatformBot): bot is SimBot => 'sim' in bot
