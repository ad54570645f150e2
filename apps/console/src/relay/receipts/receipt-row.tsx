import type { ReceiptView } from '@parley/relay/protocol'
import { Moment } from '../../ui/time.js'
import { botName } from '../model/bot.js'
import { receiptBadges, rungWords } from '../model/words.js'
import { TenantChip } from '../parts/tenant-chip.js'
import { RetryReceipt } from './retry-receipt.js'

/** One action: what was asked, by whom, and what became of it. */
export function ReceiptRow({ receipt }: { receipt: ReceiptView }) {
  const { id, op, state, preview, chatId, tenant, gatewayId, attempts, error, rung, updatedAt } = receipt
  const { text, className } = receiptBadges[state]
  const degraded = rungWords(rung)
  return (
    <li data-testid="receipt" data-id={id} data-state={state} data-op={op} className="px-5 py-3 text-sm">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <p className="flex min-w-0 flex-1 basis-52 flex-wrap items-center gap-x-2.5 gap-y-1">
          <code className="font-mono text-[0.8125rem] font-medium">{op}</code>
          <span className={`badge ${className}`}>{text}</span>
          {degraded && <span className="badge">{degraded}</span>}
          {attempts > 1 && <span className="hint">{attempts} attempts</span>}
        </p>
        <p className="hint">
          <Moment iso={updatedAt} />
        </p>
      </div>
      {preview && <p className="mt-1 line-clamp-2 [overflow-wrap:anywhere]">{preview}</p>}
      {error && <p className="mt-1 text-danger [overflow-wrap:anywhere]">{error}</p>}
      <div className="mt-1.5 flex flex-wrap items-center justify-between gap-2">
        <p className="hint flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1">
          <TenantChip tenant={tenant} />
          <span className="[overflow-wrap:anywhere]">{gatewayId}</span>
          <span className="font-mono text-xs [overflow-wrap:anywhere]" title="Bot and chat">
            {botName(receipt)} · {chatId}
          </span>
        </p>
        <RetryReceipt receipt={receipt} />
      </div>
    </li>
  )
}
