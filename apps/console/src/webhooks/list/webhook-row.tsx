import { Link } from '@tanstack/react-router'
import { Moment } from '../../ui/time.js'
import type { Webhook } from '../model/webhook.js'
import { Scope } from '../scope.js'
import { WebhookBadge } from '../state-badge.js'

/** One line of the list; the whole of it leads to the webhook. */
export function WebhookRow({ webhook }: { webhook: Webhook }) {
  const { id, url, description, createdAt } = webhook
  return (
    <li
      data-testid="webhook"
      className="relative grid gap-x-6 gap-y-2 px-5 py-4 hover:bg-sunken sm:grid-cols-[minmax(0,1fr)_auto]"
    >
      <div className="min-w-0">
        <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
          <Link
            to="/webhooks/$id"
            params={{ id }}
            className="min-w-0 font-medium [overflow-wrap:anywhere] after:absolute after:inset-0"
          >
            {url}
          </Link>
          <WebhookBadge webhook={webhook} />
        </div>
        {description && <p className="hint mt-0.5 [overflow-wrap:anywhere]">{description}</p>}
        <div className="mt-1.5">
          <Scope webhook={webhook} />
        </div>
      </div>
      <p className="hint sm:text-right">
        <Moment iso={createdAt} />
      </p>
    </li>
  )
}
