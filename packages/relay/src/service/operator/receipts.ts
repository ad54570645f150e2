import { toIsoTime } from '@parley/kernel/wire'
import { relayErrors } from '../../errors.js'
import { cutText, ReceiptState } from '../../protocol/index.js'
import type { ReceiptRow } from '../../store/port.js'
import type { ReceiptView, RelayOperator } from '../port.js'
import type { Work } from './parts.js'
import { actorOf, isSeen, readLimit, seenBy } from './within.js'

const pages = { usual: 50, most: 200 }
const previewChars = 200

export function receiptOperations({
  store,
  outbound,
}: Work): Pick<RelayOperator, 'listReceipts' | 'countReceipts' | 'retryReceipt'> {
  return {
    listReceipts: async (within, { state, before, limit }) => {
      const most = readLimit(limit, pages)
      // One more tells whether there is a next page.
      const rows = await store.receipts.list({
        ...seenBy(within),
        ...(state !== undefined && { state: readState(state) }),
        ...(before !== undefined && { before: readCursor(before) }),
        limit: most + 1,
      })
      const shown = rows.slice(0, most)
      const last = shown.at(-1)
      return { receipts: shown.map(toView), next: last && rows.length > most ? toCursor(last) : null }
    },

    countReceipts: (within) => store.receipts.counts(seenBy(within)),

    retryReceipt: async (within, id) => {
      const row = await store.receipts.find(id)
      if (!row || !isSeen(within, row.tenant)) throw relayErrors.receiptNotFound()
      return toView(await outbound.retry(id, actorOf(within)))
    },
  }
}

function readState(state: unknown): ReceiptState {
  const read = ReceiptState.safeParse(state)
  if (read.success) return read.data
  throw relayErrors.invalidRequest({ message: `state must be one of ${ReceiptState.options.join(', ')}` })
}

const toCursor = ({ createdAt, id }: ReceiptRow): string => `${createdAt}.${id}`

function readCursor(text: string): { createdAt: number; id: string } {
  const [, createdAt, id] = /^(\d{1,16})\.(.{1,200})$/su.exec(text) ?? []
  if (createdAt === undefined || id === undefined)
    throw relayErrors.invalidRequest({ message: 'before must be the next of a page' })
  return { createdAt: Number(createdAt), id }
}

const toView = (row: ReceiptRow): ReceiptView => ({
  platform: row.platform,
  botId: row.botId,
  id: row.id,
  tenant: row.tenant,
  instanceId: row.instanceId,
  gatewayId: row.gatewayId,
  op: row.op,
  chatId: row.chatId,
  preview: previewOf(row.action),
  state: row.state,
  attempts: row.attempts,
  messageId: row.messageId,
  rung: row.rung,
  error: row.error,
  createdAt: toIsoTime(row.createdAt),
  updatedAt: toIsoTime(row.updatedAt),
})

function previewOf(action: string): string {
  if (action === '') return ''
  // The cast: whoever stored it had checked it.
  const { content, thread_name } = JSON.parse(action) as { content?: unknown; thread_name?: unknown }
  const text = [content, thread_name].find((one) => typeof one === 'string') ?? ''
  return cutText(String(text), previewChars, 'chars')
}
