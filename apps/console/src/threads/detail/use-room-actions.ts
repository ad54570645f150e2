import { useThreadsClient } from '@parley/react'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { told } from '../client/problems.js'
import { roomsKey } from '../list/use-rooms.js'
import type { RoomView } from './room-view.js'
import { useRefreshRoom } from './use-room.js'

/** What a member can do in a room beside talking. */
export function useRoomActions(id: string): NonNullable<RoomView['actions']> {
  const client = useThreadsClient()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const refresh = useRefreshRoom(id)
  return useMemo(
    () => ({
      removeMember: async (identityId) => {
        await told(client.removeMember(id, identityId))
        await refresh()
      },
      stopRun: (runId) => told(client.cancelRun(runId)),
      deleteRoom: async () => {
        await told(client.deleteThread(id))
        await queries.invalidateQueries({ queryKey: roomsKey })
        await navigate({ to: '/threads' })
      },
    }),
    [client, id, refresh, queries, navigate],
  )
}
