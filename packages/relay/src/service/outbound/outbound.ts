import type { Identity } from '@parley/kernel/principal'
import { relayErrors } from '../../errors.js'
import { limits, type OutboundResult } from '../../protocol/index.js'
import type { ReceiptRow } from '../../store/port.js'
import { relayIdentity } from '../changes.js'
import type { Outbound, RelayDeps } from '../deps.js'
import { noReceipt } from '../receipts/index.js'
import { checkAction } from './check-action.js'
import { createParts, type OutboundParts, type Parts } from './parts.js'
import { createRepeats } from './repeats.js'
import { begin, enqueue } from './requests.js'
import { botUnavailable, failureOf, invalid, stopping, timedOut, tooMany } from './results.js'

export type OutboundService = Outbound & {
  /**
   * Sends a parked or dead one again, by an operator's word, and tells what became of it within 25 s. Throws
   * `relay.receipt_not_found`, `relay.not_retryable`, `relay.bot_not_found`.
   */
  retry(receiptId: string, by?: Identity): Promise<ReceiptRow>
}

const longestRequestId = 256
/** How long calls that are under way may still take when the connector stops. */
const graceMs = 3_000

/** Does what gateways ask for on the platforms (contract 5). */
export function createOutbound(deps: RelayDeps, others: OutboundParts): OutboundService {
  const parts = createParts(deps, others)
  const { clock } = deps.ground
  const repeats = createRepeats(clock)
  const open = new OpenActions(deps.options.limits.openActions)

  /** Everything is counted, so that `stop` can wait for it. */
  const start = (owner: string, work: () => Promise<OutboundResult>): Promise<OutboundResult> => {
    if (parts.stopping.signal.aborted) return Promise.resolve(stopping)
    if (!open.hasRoom(owner)) return Promise.resolve(tooMany)
    return within25Seconds(parts, open.add(owner, guarded(parts, work)))
  }

  return {
    perform: async (link, asked) => {
      const { requestId } = asked
      if (typeof requestId !== 'string' || requestId.length > longestRequestId) return invalid('requestId')
      return await repeats.once(link.id, requestId, () =>
        start(link.gateway.gatewayId, () => begin(parts, link, asked)),
      )
    },

    say: async (bot, chatId, content) => {
      const opened = others.bots.get(bot)
      if (!opened) return botUnavailable
      const action = { op: 'send', chat_id: chatId, content } as const
      const asked = { asker: null, open: opened, action, candidates: [] }
      return await start('', () => enqueue(parts, asked, noReceipt))
    },

    retry: async (receiptId, by = relayIdentity) => {
      const row = await parts.receipts.retryable(receiptId)
      const opened = others.bots.get(row)
      if (!opened) throw relayErrors.botNotFound()
      const checked = checkAction(JSON.parse(row.action))
      if ('problem' in checked || checked.action.op === 'get_chat_info') throw relayErrors.notRetryable()
      const { action } = checked
      const receipt = await parts.receipts.reopen(row, by)
      const asker = { tenant: row.tenant, instanceId: row.instanceId, gatewayId: null }
      const asked = {
        asker,
        open: opened,
        action,
        candidates: [{ platform: row.platform, botId: row.botId }],
      }
      await within25Seconds(
        parts,
        open.add(
          '',
          guarded(parts, () => enqueue(parts, asked, receipt)),
        ),
      )
      return (await deps.store.receipts.find(receiptId)) ?? row
    },

    seen: (bot, chatId, messageId) => parts.receipts.seen(bot, chatId, messageId),
    forget: (link) => repeats.forget(link.id),
    start: () => parts.receipts.start(),
    stop: async () => {
      parts.stopping.abort(new Error('the connector stops'))
      const giveUp = clock.after(graceMs, () => parts.stopped.abort(new Error('the connector stops')))
      await open.over()
      giveUp()
      await parts.receipts.stop()
    },
  }
}

/** A bug in here must not leave anybody without an answer. */
async function guarded(parts: Parts, work: () => Promise<OutboundResult>): Promise<OutboundResult> {
  try {
    return await work()
  } catch (error) {
    return failureOf(error, parts.onFault)
  }
}

/** The answer is due then (contract 2.8); the work goes on, and its receipt says what became of it. */
async function within25Seconds({ deps }: Parts, result: Promise<OutboundResult>): Promise<OutboundResult> {
  let stop = () => {}
  const late = new Promise<OutboundResult>((resolve) => {
    stop = deps.ground.clock.after(limits.platformMs, () => resolve(timedOut))
  })
  try {
    return await Promise.race([result, late])
  } finally {
    stop()
  }
}

/** What is under way, of whom. */
class OpenActions {
  readonly #most: number
  readonly #counts = new Map<string, number>()
  readonly #all = new Set<Promise<unknown>>()

  constructor(most: number) {
    this.#most = most
  }

  hasRoom(owner: string): boolean {
    return (this.#counts.get(owner) ?? 0) < this.#most
  }

  /** The work must not reject. */
  add<T>(owner: string, work: Promise<T>): Promise<T> {
    this.#counts.set(owner, (this.#counts.get(owner) ?? 0) + 1)
    this.#all.add(work)
    void work.finally(() => {
      this.#all.delete(work)
      const rest = (this.#counts.get(owner) ?? 1) - 1
      if (rest > 0) this.#counts.set(owner, rest)
      else this.#counts.delete(owner)
    })
    return work
  }

  async over(): Promise<void> {
    while (this.#all.size > 0) await Promise.all(this.#all)
  }
}
