import type { Op } from '@parley/kernel/db'
import type { Micros } from '@parley/kernel/ids'
import type { BotIdentity, PromptOption } from '../../protocol/index.js'
import type { InstanceKey } from './instances.js'

/** A question that a gateway has put in a chat (5.7). */
export type PromptRow = InstanceKey &
  BotIdentity & {
    promptId: string
    chatId: string
    messageId: string | null
    options: readonly PromptOption[]
    /** How it was shown: with the platform's buttons, or as numbered text. */
    rung: 'buttons' | 'text'
    createdAt: Micros
    expiresAt: Micros
  }

export interface PromptRows {
  /** Replaces one of the same bot, chat, tenant and id. */
  insert(row: PromptRow): Op
  /** Whose it is, by a press; not those that have expired at `at`. */
  find(bot: BotIdentity, chatId: string, promptId: string, at: Micros): Promise<PromptRow[]>
  /** Shown as numbered text and not expired, the latest first. */
  openTexts(bot: BotIdentity, chatId: string, at: Micros): Promise<PromptRow[]>
  remove(row: Pick<PromptRow, 'tenant' | 'instanceId' | 'platform' | 'botId' | 'chatId' | 'promptId'>): Op
  purge(before: Micros): Op
}
