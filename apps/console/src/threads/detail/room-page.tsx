import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { Problem } from '../../api/problem.js'
import { useMe } from '../../shell/session.js'
import { BackLink } from '../../ui/back-link.js'
import { EmptyState } from '../../ui/empty-state.js'
import { Loading } from '../../ui/loading.js'
import { ProblemNotice } from '../../ui/problem-notice.js'
import { operatorIdentity } from '../client/operator.js'
import { MemberRoom } from './member-room.js'
import { useRoom } from './use-room.js'
import { VisitorRoom } from './visitor-room.js'
import '../../styles/threads/index.css'

/** One room: the conversation for its members, and for everybody who may look who is in it and what runs. */
export function RoomPage() {
  const { id } = useParams({ from: '/shell/threads/$id' })
  const me = useMe()
  const room = useRoom(id)
  const [attempt, setAttempt] = useState(0)

  if (room.error instanceof Problem && room.error.status === 404) return <Unknown />
  if (!room.data || !me.data)
    return room.error ? (
      <ProblemNotice error={room.error} retry={() => void room.refetch()} />
    ) : (
      <Loading rows={5} />
    )
  const identity = operatorIdentity(me.data.principal, room.data.thread.tenant)
  const isMember = room.data.members.some(({ identity_id }) => identity_id === identity.id)
  if (!isMember) return <VisitorRoom room={room.data} identity={identity} />
  return (
    <MemberRoom
      key={`${id} ${attempt}`}
      room={room.data}
      identity={identity}
      openAgain={() => setAttempt(attempt + 1)}
    />
  )
}

function Unknown() {
  return (
    <>
      <BackLink to="/threads">Rooms</BackLink>
      <EmptyState title="No such room.">It was deleted, or it is not yours to see.</EmptyState>
    </>
  )
}
