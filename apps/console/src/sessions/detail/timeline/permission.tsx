import type { PermissionItem } from '@parley/sessions/client'
import type { AskedPermission } from '@parley/sessions/protocol'
import { useMe } from '../../../shell/session.js'
import { useDecision } from '../session-context.js'

/** What was asked and what became of it. While it is open it stands above the composer, where it stays in sight. */
export function PermissionEntry({ item }: { item: PermissionItem }) {
  const { requestId, title, state, options, optionId } = item
  const decision = useDecision(requestId)
  if (state === 'open') return null
  const chosen = options.find((option) => option.optionId === optionId)?.name
  return (
    <p className="entry-line" data-testid="decision" data-state={state}>
      <span className={`badge ${badges[state].className}`}>{badges[state].word}</span>{' '}
      <span className="text-ink">{title}</span>
      {chosen && <> · {chosen}</>}
      {decision && <By decision={decision} />}
    </p>
  )
}

function By({ decision: { answeredBy, automatic } }: { decision: AskedPermission }) {
  const me = useMe()
  if (automatic) return <> · automatically</>
  if (!answeredBy) return null
  const isSelf = answeredBy.id === me.data?.principal.id
  return <> · by {isSelf ? 'you' : answeredBy.name || answeredBy.id}</>
}

const badges = {
  approved: { word: 'Allowed', className: 'badge-accent' },
  rejected: { word: 'Refused', className: 'badge-danger' },
  cancelled: { word: 'Withdrawn', className: '' },
}
