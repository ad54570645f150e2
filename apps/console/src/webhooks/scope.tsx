import { Link } from '@tanstack/react-router'
import { shortId } from '../threads/model/room.js'
import { TenantChips } from '../threads/tenant-chips.js'
import type { Webhook } from './model/webhook.js'

/** Whose events a webhook gets, and of which types. */
export function Scope({ webhook: { tenant, roomId, eventTypes } }: { webhook: Webhook }) {
  return (
    <span className="flex flex-wrap gap-1.5">
      {roomId ? (
        <Link
          to="/threads/$id"
          params={{ id: roomId }}
          className="badge badge-person relative font-mono"
          title={roomId}
        >
          {shortId(roomId)}
        </Link>
      ) : tenant ? (
        <TenantChips tenant={tenant} />
      ) : (
        <span className="badge">all rooms</span>
      )}
      <EventTypes types={eventTypes} />
    </span>
  )
}

const shown = 3

function EventTypes({ types }: { types: readonly string[] }) {
  if (types.includes('*')) return <span className="badge">all events</span>
  const rest = types.slice(shown)
  return (
    <>
      {types.slice(0, shown).map((type) => (
        <span key={type} className="badge font-mono">
          {type}
        </span>
      ))}
      {rest.length > 0 && (
        <span className="badge" title={rest.join(', ')}>
          and {rest.length} more
        </span>
      )}
    </>
  )
}
