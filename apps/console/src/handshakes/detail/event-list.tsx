import { useState } from 'react'
import type { Connection } from '../../live/follow-source.js'
import { ConnectionBadge } from '../../ui/connection-badge.js'
import type { StreamEvent } from '../model/stream-event.js'
import { countEarlier, type StreamState } from '../model/stream-state.js'
import { EventRow } from './event-row.js'

/** Rows drawn at once; more on demand. */
const shownAtOnce = 100

type EventListProps = {
  stream: StreamState
  connection: Connection
  labelOf: (key: string) => string
  /** Reads history from before the window. */
  showEarlier: () => void
}

/** The stream as it happens, newest first, with a mark where history ended and live began. */
export function EventList({ stream, connection, labelOf, showEarlier }: EventListProps) {
  const [shown, setShown] = useState(shownAtOnce)
  const newestFirst = stream.events.slice(-shown).reverse()
  const live = newestFirst.filter(({ seq }) => stream.liveAfter !== null && seq > stream.liveAfter)
  const history = newestFirst.slice(live.length)
  const hidden = Math.max(0, stream.events.length - shown)
  const earlier = hidden + countEarlier(stream)
  const more = () => {
    setShown(shown + shownAtOnce)
    if (hidden === 0) showEarlier()
  }
  return (
    <section aria-labelledby="events-title" className="card min-w-0">
      <header className="flex min-h-13 flex-wrap items-center justify-between gap-2 border-b border-line px-5 py-2.5">
        <h2 id="events-title">Events</h2>
        {!stream.gone && (
          <ConnectionBadge
            connection={connection}
            detail={stream.liveAfter === null ? 'Reading history…' : 'Live'}
          />
        )}
      </header>
      {stream.gone && (
        <p role="status" className="notice m-4">
          This handshake was removed from the server. Nothing more will arrive.
        </p>
      )}
      <ol aria-label="Events, newest first" className="divide-y divide-line">
        {live.map((event) => (
          <EventRow key={event.seq} event={event} labelOf={labelOf} />
        ))}
        {stream.liveAfter !== null && (
          <CaughtUp seq={stream.liveAfter} then={afterMark(newestFirst[0], live.length)} />
        )}
        {history.map((event) => (
          <EventRow key={event.seq} event={event} labelOf={labelOf} />
        ))}
      </ol>
      {earlier > 0 && (
        <div className="border-t border-line p-3 text-center">
          <button type="button" className="btn btn-quiet" onClick={more}>
            Show earlier ({earlier.toLocaleString()})
          </button>
        </div>
      )}
      {stream.historyGone !== null && (
        <p className="hint border-t border-line px-5 py-3">
          Events before #{stream.historyGone} were trimmed.
        </p>
      )}
    </section>
  )
}

/** What comes after the mark: live events, nothing any more, or the next one. */
function afterMark(newest: StreamEvent | undefined, live: number): string {
  if (live > 0) return ' · live from here'
  const isOver = newest?.type === 'handshake.revoked' || newest?.type === 'handshake.expired'
  return isOver ? '' : ' · waiting for the next event'
}

function CaughtUp({ seq, then }: { seq: number; then: string }) {
  return (
    <li data-testid="caught-up" data-seq={seq} className="hint flex items-center gap-3 bg-sunken px-5 py-1.5">
      <span aria-hidden="true" className="text-accent">
        ●
      </span>
      Caught up at #{seq}
      {then}
    </li>
  )
}
