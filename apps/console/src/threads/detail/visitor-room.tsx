import type { UserIdentity } from '@parley/threads/protocol'
import { useMutation } from '@tanstack/react-query'
import { EmptyState } from '../../ui/empty-state.js'
import { ProblemNotice } from '../../ui/problem-notice.js'
import { addMember } from '../model/api.js'
import { RoomFrame } from './room-frame.js'
import { type RoomDetail, useRefreshRoom } from './use-room.js'

/** A room from outside: who is in it and what runs. What is said there is for its members. */
export function VisitorRoom({ room, identity }: { room: RoomDetail; identity: UserIdentity }) {
  const { thread, members, runs } = room
  const refresh = useRefreshRoom(thread.id)
  const join = useMutation({ mutationFn: () => addMember(thread.id, identity), onSuccess: refresh })
  return (
    <RoomFrame view={{ thread, members, runs, online: [], selfId: identity.id }}>
      <EmptyState title="You are not a member.">
        <p>What is said here is for its members. They are told when you join.</p>
        <p className="mt-4">
          <button
            type="button"
            className="btn btn-primary"
            disabled={join.isPending}
            onClick={() => join.mutate()}
          >
            Join
          </button>
        </p>
        {join.error && (
          <div className="mt-4 text-left">
            <ProblemNotice error={join.error} />
          </div>
        )}
      </EmptyState>
    </RoomFrame>
  )
}
