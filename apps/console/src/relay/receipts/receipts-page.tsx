import { ReceiptState } from '@parley/relay/protocol'
import { useState } from 'react'
import { EmptyState } from '../../ui/empty-state.js'
import { LoadOlder } from '../../ui/load-older.js'
import { Loading } from '../../ui/loading.js'
import { ProblemNotice } from '../../ui/problem-notice.js'
import { Segments } from '../../ui/segments.js'
import { receiptBadges } from '../model/words.js'
import { LiveHeader } from '../parts/live-header.js'
import { TenantFilter } from '../parts/tenant-filter.js'
import { ReceiptRow } from './receipt-row.js'
import { type ReceiptFilter, useReceiptCounts, useReceipts } from './use-receipts.js'

/** What agents asked for on their platforms, and what became of it. */
export function ReceiptsPage() {
  const [filter, setFilter] = useState<ReceiptFilter>('all')
  const [tenant, setTenant] = useState('')
  const { query, receipts } = useReceipts(filter, tenant)
  const counts = useReceiptCounts(tenant).data
  const withCount = (state: ReceiptState) => {
    const number = counts?.[state] ?? 0
    return number === 0 ? receiptBadges[state].text : `${receiptBadges[state].text} ${number}`
  }
  return (
    <>
      <LiveHeader
        title="Receipts"
        lead="What agents asked for on their platforms, and what became of it. What failed can be sent again."
      />
      <div className="mb-4 flex flex-wrap items-center justify-between gap-3">
        <Segments
          legend="State"
          options={[
            { value: 'all', label: 'All' },
            ...ReceiptState.options.map((state) => ({ value: state, label: withCount(state) })),
          ]}
          value={filter}
          onChange={setFilter}
        />
        <TenantFilter chosen={tenant} onChoose={setTenant} />
      </div>
      {filter === 'parked' && (
        <p className="notice mb-4">
          The platform may have done these: a process ended, or an answer was lost, before anybody knew. Look
          in the chat first: sent again, it may be there twice.
        </p>
      )}
      {query.error && <ProblemNotice error={query.error} retry={() => void query.refetch()} />}
      {query.isPending && <Loading />}
      {query.data && receipts.length === 0 && (
        <EmptyState title={empty[filter]}>
          {filter === 'all' && 'One comes with everything that an agent sends, edits or deletes.'}
        </EmptyState>
      )}
      {receipts.length > 0 && (
        <ul aria-label="Receipts" className="card divide-y divide-line">
          {receipts.map((receipt) => (
            <ReceiptRow key={receipt.id} receipt={receipt} />
          ))}
        </ul>
      )}
      <LoadOlder pages={query} />
    </>
  )
}

const empty: Record<ReceiptFilter, string> = {
  all: 'Nothing was sent yet.',
  queued: 'Nothing waits to be sent.',
  sent: 'Nothing was sent that is not confirmed.',
  confirmed: 'Nothing was seen on its platform yet.',
  parked: 'Nothing is in doubt.',
  dead: 'Nothing has failed.',
}
