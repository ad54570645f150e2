import type { Op } from '@parley/kernel/db'
import type { Micros } from '@parley/kernel/ids'
import type { BotIdentity, ReceiptState } from '../../protocol/index.js'
import type { InstanceKey } from './instances.js'

/** What a gateway asked for and what became of it. */
export type ReceiptRow = InstanceKey &
  BotIdentity & {
    id: string
    gatewayId: string
    requestId: string
    op: string
    chatId: string
    /** JSON text of the action, exactly as it will be done. Blank once it is old. */
    action: string
    state: ReceiptState
    /** Which node does it, while it is queued. */
    node: string | null
    attempts: number
    messageId: string | null
    /** `native`, or how it was degraded: `text`, `split`, `unreplied`. */
    rung: string | null
    error: string | null
    createdAt: Micros
    updatedAt: Micros
  }

export interface ReceiptRows {
  insert(row: ReceiptRow): Op
  /** Refuses when it is in none of the states `from`. */
  change(
    id: string,
    change: Partial<
      Pick<ReceiptRow, 'state' | 'attempts' | 'messageId' | 'rung' | 'error' | 'updatedAt' | 'node'>
    >,
    from: readonly ReceiptState[],
  ): Op
  /** Sent ones whose message was seen on the platform. */
  confirm(bot: BotIdentity, chatId: string, messageId: string, at: Micros): Op
  find(id: string): Promise<ReceiptRow | undefined>
  /** Whose message it is: of the oldest that was sent or confirmed with it. */
  sender(bot: BotIdentity, chatId: string, messageId: string): Promise<InstanceKey | undefined>
  /** The newest first. */
  list(query: {
    tenant?: string
    state?: ReceiptState
    before?: { createdAt: Micros; id: string }
    limit: number
  }): Promise<ReceiptRow[]>
  counts(query: { tenant?: string }): Promise<Record<ReceiptState, number>>
  /** Queued ones of a node, or of all, oldest first: a stopped node left them. */
  listQueued(node: string | null): Promise<ReceiptRow[]>
  /** Forgets those in a state that were changed last before. */
  purge(states: readonly ReceiptState[], before: Micros): Op
}
