import { useMutation } from '@tanstack/react-query'
import { ProblemNotice } from '../../ui/problem-notice.js'
import { discardDelivery, retryDelivery } from '../model/api.js'
import type { Delivery } from '../model/webhook.js'
import { useRefreshWebhooks } from '../use-webhooks.js'

/** Another try now, or none any more; for what waits or was given up. */
export function DeliveryActions({ webhookId, delivery }: { webhookId: string; delivery: Delivery }) {
  const { id, state, eventType } = delivery
  const refresh = useRefreshWebhooks()
  // Also after a refusal: it says that the delivery went on meanwhile.
  const retry = useMutation({ mutationFn: () => retryDelivery(webhookId, id), onSettled: refresh })
  const discard = useMutation({ mutationFn: () => discardDelivery(webhookId, id), onSettled: refresh })
  const error = retry.error ?? discard.error
  const isBusy = retry.isPending || discard.isPending
  if (state !== 'waiting' && state !== 'dead') return null
  return (
    <>
      <span className="flex gap-2">
        <button
          type="button"
          className="btn min-h-8 px-2.5 text-[0.8125rem]"
          aria-label={`Retry ${eventType}`}
          disabled={isBusy}
          onClick={() => retry.mutate()}
        >
          Retry
        </button>
        <button
          type="button"
          className="btn btn-danger-quiet min-h-8 px-2.5 text-[0.8125rem]"
          aria-label={`Discard ${eventType}`}
          disabled={isBusy}
          onClick={() => discard.mutate()}
        >
          Discard
        </button>
      </span>
      {error && <ProblemNotice error={error} />}
    </>
  )
}
