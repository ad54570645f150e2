import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { ConfirmButton } from '../../ui/confirm-button.js'
import { ProblemNotice } from '../../ui/problem-notice.js'
import { deleteWebhook, enableWebhook } from '../model/api.js'
import type { Webhook } from '../model/webhook.js'
import { useRefreshWebhooks } from '../use-webhooks.js'
import { ReplayDialog } from './replay-dialog.js'
import { RotateSecret } from './rotate-secret.js'

/** On and off, a new secret, sending again, and the end. */
export function WebhookActions({ webhook: { id, isEnabled, roomId } }: { webhook: Webhook }) {
  const refresh = useRefreshWebhooks()
  const navigate = useNavigate()
  const enable = useMutation({ mutationFn: () => enableWebhook(id, !isEnabled), onSuccess: refresh })
  const remove = async () => {
    await deleteWebhook(id)
    await navigate({ to: '/webhooks' })
    await refresh()
  }
  return (
    <div className="flex flex-col gap-2 sm:items-end">
      <div className="flex flex-wrap gap-2">
        <button type="button" className="btn" disabled={enable.isPending} onClick={() => enable.mutate()}>
          {isEnabled ? 'Disable' : 'Enable'}
        </button>
        <ReplayDialog webhookId={id} roomId={roomId} />
        <RotateSecret id={id} />
        <ConfirmButton
          label="Delete"
          title="Delete this webhook?"
          lead="Nothing more is sent to it, and what waits is forgotten. This cannot be undone."
          confirm="Delete webhook"
          act={remove}
        />
      </div>
      {enable.error && <ProblemNotice error={enable.error} />}
    </div>
  )
}
