import { EmptyState } from '../../ui/empty-state.js'
import { LoadOlder } from '../../ui/load-older.js'
import { Loading } from '../../ui/loading.js'
import { PageHeader } from '../../ui/page-header.js'
import { ProblemNotice } from '../../ui/problem-notice.js'
import { useWebhooks } from '../use-webhooks.js'
import { CreateWebhook } from './create-webhook.js'
import { WebhookRow } from './webhook-row.js'

/** Where events of rooms are sent. */
export function WebhooksPage() {
  const { query, webhooks } = useWebhooks()
  return (
    <>
      <PageHeader
        title="Webhooks"
        lead="What happens in rooms, posted to addresses of yours: signed, in order, tried again until it arrives."
      >
        <CreateWebhook />
      </PageHeader>
      {query.error && <ProblemNotice error={query.error} retry={() => void query.refetch()} />}
      {query.isPending && <Loading />}
      {query.data && webhooks.length === 0 && (
        <EmptyState title="No webhooks yet.">
          Make one when another program of yours should hear what happens in rooms, without being in them.
        </EmptyState>
      )}
      {webhooks.length > 0 && (
        <ul aria-label="Webhooks" className="card divide-y divide-line">
          {webhooks.map((webhook) => (
            <WebhookRow key={webhook.id} webhook={webhook} />
          ))}
        </ul>
      )}
      <LoadOlder pages={query} />
    </>
  )
}
