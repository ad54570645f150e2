import type { Webhook } from './model/webhook.js'

type Standing = Pick<Webhook, 'isEnabled' | 'disabledReason' | 'failingSince'>

/** Whether a webhook gets events, and whether it takes them. */
export function WebhookBadge({ webhook }: { webhook: Standing }) {
  const { state, text, className } = standingOf(webhook)
  return (
    <span data-testid="webhook-state" data-state={state} className={`badge ${className}`}>
      {text}
    </span>
  )
}

function standingOf({ isEnabled, disabledReason, failingSince }: Standing) {
  if (!isEnabled) return { state: 'disabled', text: disabled[disabledReason ?? 'person'], className: '' }
  if (failingSince) return { state: 'failing', text: 'Failing', className: 'badge-danger' }
  return { state: 'enabled', text: 'Enabled', className: 'badge-accent' }
}

const disabled = {
  person: 'Disabled',
  gone: 'Disabled: it answered 410',
  failing: 'Disabled: it failed too long',
}
