import { useEffect, useMemo, useState } from 'react'
import { fieldRows } from '../model/field-rows.js'
import type { HandshakeDetail } from '../model/handshake.js'
import { EventList } from './event-list.js'
import { FieldList } from './field-list.js'
import { useEventStream } from './use-event-stream.js'
import { useRefreshHandshake } from './use-handshake.js'

/** Events read at first, and again with each "show earlier" that reaches past them. */
const pageOfEvents = 500

/** Fields and events side by side; what happens in one is seen in the other. */
export function LiveView({ handshake }: { handshake: HandshakeDetail }) {
  const [head] = useState(handshake.head)
  const [pages, setPages] = useState(1)
  const after = Math.max(0, head - pages * pageOfEvents)
  return (
    <Following
      key={after}
      handshake={handshake}
      after={after}
      keep={(pages + 1) * pageOfEvents}
      showEarlier={() => setPages(pages + 1)}
    />
  )
}

type FollowingProps = { handshake: HandshakeDetail; after: number; keep: number; showEarlier: () => void }

function Following({ handshake, after, keep, showEarlier }: FollowingProps) {
  const { stream, connection } = useEventStream(handshake.id, after, keep)
  const refresh = useRefreshHandshake(handshake.id)
  // The head of the page counts what events changed: read it again when the stream is past it.
  const isBehind = stream.liveAfter !== null && stream.cursor > handshake.head
  useEffect(() => {
    // A reading that was under way may have missed the last events: its head says so, and it is read again.
    if (isBehind && stream.cursor > handshake.head) void refresh()
  }, [isBehind, stream.cursor, handshake.head, refresh])

  const rows = useMemo(() => fieldRows(handshake, stream.events), [handshake, stream.events])
  const labels = useMemo(
    () => new Map(handshake.schema.map(({ key, label }) => [key, label])),
    [handshake.schema],
  )
  return (
    <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]">
      <FieldList rows={rows} liveAfter={stream.liveAfter} />
      <EventList
        stream={stream}
        connection={connection}
        labelOf={(key) => labels.get(key) ?? key}
        showEarlier={showEarlier}
      />
    </div>
  )
}
