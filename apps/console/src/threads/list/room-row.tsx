import { Link } from '@tanstack/react-router'
import { Moment } from '../../ui/time.js'
import { type Room, titleOf } from '../model/room.js'
import { TenantChips } from '../tenant-chips.js'

/** One line of the list; the whole of it leads to the room. */
export function RoomRow({ room }: { room: Room }) {
  const { id, tenant, memberCount, activeRunCount, createdAt } = room
  return (
    <li
      data-testid="room"
      className="relative grid gap-x-6 gap-y-2 px-5 py-4 hover:bg-sunken sm:grid-cols-[minmax(0,1fr)_auto]"
    >
      <div className="min-w-0">
        <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
          <Link
            to="/threads/$id"
            params={{ id }}
            className={`min-w-0 font-medium [overflow-wrap:anywhere] after:absolute after:inset-0 ${room.title ? '' : 'font-mono text-sm'}`}
          >
            {titleOf(room)}
          </Link>
          {activeRunCount > 0 && <AtWork count={activeRunCount} />}
        </div>
        <p className="mt-1.5 flex flex-wrap gap-1.5">
          <TenantChips tenant={tenant} />
        </p>
      </div>
      <p className="hint flex gap-x-3 sm:flex-col sm:items-end sm:text-right">
        <span className="text-ink tabular-nums">
          {memberCount === 1 ? '1 member' : `${memberCount} members`}
        </span>
        <Moment iso={createdAt} />
      </p>
    </li>
  )
}

function AtWork({ count }: { count: number }) {
  return (
    <span className="badge badge-agent">
      <span aria-hidden="true" className="size-1.5 animate-pulse-dot rounded-full bg-agent" />
      {count === 1 ? '1 run' : `${count} runs`}
    </span>
  )
}
