import { useThreadSnapshot } from '@parley/react'
import type { UserIdentity } from '@parley/threads/protocol'
import { type RefObject, useEffect } from 'react'
import { ConnectionBadge } from '../../ui/connection-badge.js'
import { mergeRuns } from '../model/runs.js'
import { Conversation } from './conversation.js'
import { RoomFrame } from './room-frame.js'
import { type RoomDetail, useRefreshRoom } from './use-room.js'
import { useRoomActions } from './use-room-actions.js'

type LiveRoomProps = {
  room: RoomDetail
  identity: UserIdentity
  recipients: RefObject<readonly string[]>
  openAgain: () => void
}

/** The room as it is now: what was read, and what came since. */
export function LiveRoom({ room, identity, recipients, openAgain }: LiveRoomProps) {
  const live = useThreadSnapshot()
  const actions = useRoomActions(room.thread.id)
  const refresh = useRefreshRoom(room.thread.id)
  const isOver = live.status === 'gone' || live.status === 'refused'
  // It may be that one is no member any more, or that the room is not there.
  useEffect(() => {
    if (isOver) void refresh()
  }, [isOver, refresh])

  const isKnown = live.members.length > 0
  const view = {
    thread: live.thread ?? room.thread,
    members: isKnown ? live.members : room.members,
    runs: mergeRuns(room.runs, live.runs),
    online: live.online,
    selfId: identity.id,
    actions,
  }
  return (
    <RoomFrame view={view} badge={<ConnectionBadge connection={connections[live.status]} />}>
      <Conversation
        members={view.members}
        recipients={recipients}
        openAgain={isOver ? openAgain : undefined}
      />
    </RoomFrame>
  )
}

const connections = {
  loading: 'connecting',
  live: 'open',
  reconnecting: 'lost',
  gone: 'lost',
  refused: 'lost',
} as const
