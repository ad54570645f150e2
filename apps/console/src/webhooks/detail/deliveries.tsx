import { useState } from 'react'
import { EmptyState } from '../../ui/empty-state.js'
import { LoadOlder } from '../../ui/load-older.js'
import { Loading } from '../../ui/loading.js'
import { ProblemNotice } from '../../ui/problem-notice.js'
import { Segments } from '../../ui/segments.js'
import type { DeliveryState, Webhook } from '../model/webhook.js'
import { useDeliveries } from '../use-webhooks.js'
import { DeliveryRow } from './delivery-row.js'

type Filter = 'all' | DeliveryState

/** Every event on its way to a webhook, the newest first. */
export function Deliveries({ webhook }: { webhook: Webhook }) {
  const [filter, setFilter] = useState<Filter>('all')
  const { query, deliveries } = useDeliveries(webhook.id, filter === 'all' ? null : filter)
  return (
    <section aria-labelledby="deliveries-title">
      <header className="mb-3 flex flex-wrap items-center justify-between gap-3">
        <h2 id="deliveries-title">Deliveries</h2>
        <Segments legend="State" options={filters} value={filter} onChange={setFilter} />
      </header>
      {query.error && <ProblemNotice error={query.error} retry={() => void query.refetch()} />}
      {query.isPending && <Loading />}
      {query.data && deliveries.length === 0 && (
        <EmptyState title={empty[filter]}>
          {filter === 'all' &&
            'One comes with the next event that it gets. What was sent is kept for some days.'}
        </EmptyState>
      )}
      {deliveries.length > 0 && (
        <ul aria-label="Deliveries" className="card divide-y divide-line">
          {deliveries.map((delivery) => (
            <DeliveryRow key={delivery.id} webhookId={webhook.id} delivery={delivery} />
          ))}
        </ul>
      )}
      <LoadOlder pages={query} />
    </section>
  )
}

const filters: readonly { value: Filter; label: string }[] = [
  { value: 'all', label: 'All' },
  { value: 'waiting', label: 'Waiting' },
  { value: 'sent', label: 'Sent' },
  { value: 'dead', label: 'Dead' },
]

const empty: Record<Filter, string> = {
  all: 'Nothing was sent yet.',
  waiting: 'Nothing waits.',
  sending: 'Nothing is being sent.',
  sent: 'Nothing has arrived yet.',
  dead: 'Nothing was given up.',
}
