import type { Op } from '@parley/kernel/db'
import type { ReceiptRow, ReceiptState } from '../../store/port.js'
import type { ReceiptsDeps } from './deps.js'
import type { SeenMessages } from './seen-messages.js'

/** How an action ended, for its receipt. */
export type ReceiptEnd = {
  state: Extract<ReceiptState, 'sent' | 'parked' | 'dead'>
  messageId?: string
  rung?: string
  error?: string
}

/**
 * The record of one action while it is done. Whoever does it says `keep` when it must wait, `begin` before each call, and `settle`
 * once at the end. Where nothing waits that is one commit before the call and one after it.
 */
export interface Receipt {
  /** Takes it into custody: not begun. Harmless when it is kept already. */
  keep(): Promise<void>
  /** Counts a call that is about to be made, with statements of the caller. False: it is not to be made, another node has taken it for stopped. */
  begin(ops?: readonly Op[]): Promise<boolean>
  /** Records how it ended. Without a row, only the caller's statements are done. */
  settle(end: ReceiptEnd, ops?: readonly Op[]): Promise<void>
}

/** For what nobody asks for later: typing, reactions, the connector's own words. */
export const noReceipt: Receipt = {
  keep: async () => undefined,
  begin: async () => true,
  settle: async () => undefined,
}

export type NewReceipt = Omit<
  ReceiptRow,
  'id' | 'state' | 'node' | 'attempts' | 'messageId' | 'rung' | 'error' | 'createdAt' | 'updatedAt'
>

type Shared = ReceiptsDeps & {
  seen: SeenMessages
  /** Ids of receipts whose action is under way in this process. */
  live: Set<string>
}

const longestError = 500

class StoredReceipt implements Receipt {
  readonly #shared: Shared
  readonly #row: ReceiptRow
  #isStored: boolean

  constructor(shared: Shared, row: ReceiptRow, isStored: boolean) {
    this.#shared = shared
    this.#row = row
    this.#isStored = isStored
  }

  async keep(): Promise<void> {
    if (!this.#isStored) await this.#insert([])
  }

  async begin(ops: readonly Op[] = []): Promise<boolean> {
    this.#row.attempts += 1
    if (!this.#isStored) {
      await this.#insert(ops)
      return true
    }
    const { attempts } = this.#row
    return await this.#commit([this.#change({ attempts }, ['queued']), ...ops])
  }

  async settle(end: ReceiptEnd, ops: readonly Op[] = []): Promise<void> {
    const { id } = this.#row
    try {
      await this.#record(end, ops)
    } finally {
      this.#shared.live.delete(id)
    }
  }

  async #record(end: ReceiptEnd, ops: readonly Op[]): Promise<void> {
    if (!this.#isStored) {
      if (ops.length > 0) await this.#commit(ops)
      return
    }
    const { state, messageId = null, rung = null } = end
    const error = end.error?.slice(0, longestError) ?? null
    // Who did it knows best, also when another node took it for stopped meanwhile.
    const from = ['queued', 'parked', 'dead'] as const
    await this.#commit([this.#change({ state, messageId, rung, error }, from), ...ops])
    if (state === 'sent' && messageId !== null) await this.#confirmSeen(messageId)
  }

  /** The platform's own news of a message may be faster than the answer to the call. */
  async #confirmSeen(messageId: string): Promise<void> {
    const { seen, store, ground } = this.#shared
    const { chatId } = this.#row
    if (!seen.has(this.#row, chatId, messageId)) return
    await this.#commit([store.receipts.confirm(this.#row, chatId, messageId, ground.clock.micros())])
  }

  async #insert(ops: readonly Op[]): Promise<void> {
    const { live, store } = this.#shared
    live.add(this.#row.id)
    this.#isStored = true
    await this.#commit([store.receipts.insert(this.#row), ...ops])
  }

  #change(change: Partial<ReceiptRow>, from: readonly ReceiptState[]): Op {
    const { ground, store } = this.#shared
    return store.receipts.change(this.#row.id, { ...change, updatedAt: ground.clock.micros() }, from)
  }

  async #commit(ops: readonly Op[]): Promise<boolean> {
    const { outcome } = await this.#shared.ground.log.commit({ ops, appends: [] })
    return outcome !== 'refused'
  }
}

/** A receipt that is not stored before it has to be. */
export function newReceipt(shared: Shared, asked: NewReceipt): Receipt {
  const { clock, ids, node } = shared.ground
  const at = clock.micros()
  const row: ReceiptRow = {
    ...asked,
    id: ids.next('rcp'),
    state: 'queued',
    node,
    attempts: 0,
    messageId: null,
    rung: null,
    error: null,
    createdAt: at,
    updatedAt: at,
  }
  return new StoredReceipt(shared, row, false)
}

/** A stored one whose action is done again; its id is among the live ones already. */
export const knownReceipt = (shared: Shared, row: ReceiptRow): Receipt =>
  new StoredReceipt(shared, { ...row }, true)
