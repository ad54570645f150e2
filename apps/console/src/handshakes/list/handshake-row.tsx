import { Link } from '@tanstack/react-router'
import { Moment, TimeLeft } from '../../ui/time.js'
import { HandshakeTitle } from '../handshake-title.js'
import type { Handshake } from '../model/handshake.js'
import { Progress } from '../progress.js'
import { StateBadge } from '../state-badge.js'

/** One line of the list; the whole of it leads to the handshake. */
export function HandshakeRow({ handshake }: { handshake: Handshake }) {
  const { id, mode, state, owner, sockets, createdAt, deadlineMs } = handshake
  return (
    <li className="relative grid gap-x-6 gap-y-2.5 px-5 py-4 hover:bg-sunken sm:grid-cols-[minmax(0,1fr)_11rem] lg:grid-cols-[minmax(0,1fr)_13rem_8.5rem]">
      <div className="min-w-0">
        <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
          <Link
            to="/handshakes/$id"
            params={{ id }}
            className="min-w-0 font-medium [overflow-wrap:anywhere] after:absolute after:inset-0"
          >
            <HandshakeTitle handshake={handshake} />
          </Link>
          <StateBadge handshake={handshake} />
        </div>
        <p className="hint mt-0.5 flex flex-wrap gap-x-2">
          <span className="font-mono" title={id}>
            {id.slice(0, 8)}
          </span>
          <span>{mode}</span>
          {owner && <span className="truncate">by {owner}</span>}
        </p>
      </div>
      <Progress handshake={handshake} />
      <div className="hint flex gap-x-3 sm:col-span-2 lg:col-span-1 lg:flex-col lg:items-end lg:text-right">
        <span className="text-ink">
          {state === 'open' ? (
            <TimeLeft deadlineMs={deadlineMs} suffix=" left" />
          ) : (
            <Moment iso={createdAt} />
          )}
        </span>
        {state === 'open' && <span>{pages(sockets)}</span>}
      </div>
    </li>
  )
}

function pages(sockets: number): string {
  if (sockets === 0) return 'page closed'
  return sockets === 1 ? 'page connected' : `${sockets} pages connected`
}
