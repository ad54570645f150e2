import type { Identity } from '@parley/kernel/principal'
import { relayErrors } from '../../errors.js'
import type { BotIdentity } from '../../protocol/index.js'
import type { ReceiptRow } from '../../store/port.js'
import { changed } from '../changes.js'
import type { ReceiptsDeps } from './deps.js'
import { knownReceipt, type NewReceipt, newReceipt, type Receipt } from './receipt.js'
import { startRecovery } from './recovery.js'
import { SeenMessages } from './seen-messages.js'

/** What became of what gateways asked for: durable, and never sent twice by itself. */
export interface Receipts {
  open(asked: NewReceipt): Receipt
  /** One of the bot's own messages was seen: what was sent is confirmed. */
  seen(bot: BotIdentity, chatId: string, messageId: string): Promise<void>
  /** The row that may be sent again. Throws `relay.receipt_not_found`, `relay.not_retryable`. */
  retryable(id: string): Promise<ReceiptRow>
  /** Queues it again, which is a change. Throws `relay.not_retryable` when somebody was faster. */
  reopen(row: ReceiptRow, by: Identity): Promise<Receipt>
  start(): void
  stop(): Promise<void>
}

export function createReceipts(deps: ReceiptsDeps): Receipts {
  const { ground, store } = deps
  const shared = { ...deps, seen: new SeenMessages(), live: new Set<string>() }
  let stopRecovery: (() => Promise<void>) | undefined

  return {
    open: (asked) => newReceipt(shared, asked),

    seen: async (bot, chatId, messageId) => {
      shared.seen.add(bot, chatId, messageId)
      const op = store.receipts.confirm(bot, chatId, messageId, ground.clock.micros())
      await ground.log.commit({ ops: [op], appends: [] })
    },

    retryable: async (id) => {
      const row = await store.receipts.find(id)
      if (!row) throw relayErrors.receiptNotFound()
      // Once it is old nobody knows any more what it was.
      if ((row.state !== 'parked' && row.state !== 'dead') || row.action === '')
        throw relayErrors.notRetryable()
      return row
    },

    reopen: async (row, by) => {
      const { id, tenant, platform, botId, op } = row
      // Before the commit: recovery must not take it for one that was left.
      const wasLive = shared.live.has(id)
      shared.live.add(id)
      const change = {
        state: 'queued',
        node: ground.node,
        error: null,
        updatedAt: ground.clock.micros(),
      } as const
      const { outcome } = await ground.log.commit({
        ops: [store.receipts.change(id, change, ['parked', 'dead'])],
        appends: [changed('relay.receipt.retried', by, { tenant, receiptId: id, platform, botId, op })],
      })
      if (outcome !== 'refused') return knownReceipt(shared, row)
      if (!wasLive) shared.live.delete(id)
      throw relayErrors.notRetryable()
    },

    start: () => {
      stopRecovery ??= startRecovery(deps, (id) => shared.live.has(id))
    },
    stop: async () => {
      await stopRecovery?.()
      stopRecovery = undefined
    },
  }
}
