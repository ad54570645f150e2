import { useParams } from '@tanstack/react-router'
import { Problem } from '../../api/problem.js'
import { BackLink } from '../../ui/back-link.js'
import { CopyButton } from '../../ui/copy-button.js'
import { EmptyState } from '../../ui/empty-state.js'
import { Fact } from '../../ui/fact.js'
import { Loading } from '../../ui/loading.js'
import { PageHeader } from '../../ui/page-header.js'
import { ProblemNotice } from '../../ui/problem-notice.js'
import { Moment } from '../../ui/time.js'
import type { Webhook } from '../model/webhook.js'
import { Scope } from '../scope.js'
import { WebhookBadge } from '../state-badge.js'
import { useWebhook } from '../use-webhooks.js'
import { Deliveries } from './deliveries.js'
import { WebhookActions } from './webhook-actions.js'

/** One webhook: what it gets, how it does, and every event on its way. */
export function WebhookPage() {
  const { id } = useParams({ from: '/shell/webhooks/$id' })
  const webhook = useWebhook(id)
  if (webhook.error instanceof Problem && webhook.error.status === 404) return <Unknown />
  if (!webhook.data)
    return webhook.error ? (
      <ProblemNotice error={webhook.error} retry={() => void webhook.refetch()} />
    ) : (
      <Loading rows={5} />
    )
  return (
    <>
      <BackLink to="/webhooks">Webhooks</BackLink>
      <PageHeader title={webhook.data.url} lead={webhook.data.description}>
        <WebhookActions webhook={webhook.data} />
      </PageHeader>
      <Summary webhook={webhook.data} />
      <Deliveries key={id} webhook={webhook.data} />
    </>
  )
}

function Summary({ webhook }: { webhook: Webhook }) {
  const { id, failingSince, createdAt } = webhook
  return (
    <section aria-label="Summary" className="card mb-6 p-5">
      <dl className="grid grid-cols-2 gap-x-6 gap-y-4 text-sm lg:grid-cols-[auto_minmax(0,2fr)_auto_minmax(0,1fr)]">
        <Fact name="State">
          <WebhookBadge webhook={webhook} />
          {failingSince && (
            <span className="hint mt-1 block">
              since <Moment iso={failingSince} />
            </span>
          )}
        </Fact>
        <Fact name="Gets">
          <Scope webhook={webhook} />
        </Fact>
        <Fact name="Created">
          <Moment iso={createdAt} />
        </Fact>
        <Fact name="Id">
          <span className="flex items-center gap-2">
            <code className="truncate font-mono text-xs" title={id}>
              {id}
            </code>
            <CopyButton text={id} label="Copy id" className="link shrink-0 text-xs" />
          </span>
        </Fact>
      </dl>
    </section>
  )
}

function Unknown() {
  return (
    <>
      <BackLink to="/webhooks">Webhooks</BackLink>
      <EmptyState title="No such webhook.">It was deleted, or it is not yours to see.</EmptyState>
    </>
  )
}
