import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useMe } from '../../shell/session.js'
import { operatorIdentity } from '../client/operator.js'
import type { NewRoom } from './create-room.js'
import { roomsKey } from './use-rooms.js'

/** Makes a room and goes there. */
export function useCreateRoom() {
  const me = useMe()
  const queries = useQueryClient()
  const navigate = useNavigate()
  return useMutation({
    mutationFn: async (wanted: NewRoom) => {
      if (!me.data) throw new Error('A room is made by somebody who is signed in.')
      // With the client, which the list has no need of.
      const { createRoom } = await import('./create-room.js')
      return createRoom(wanted, operatorIdentity(me.data.principal, wanted.tenant))
    },
    onSuccess: (id) => navigate({ to: '/threads/$id', params: { id } }),
    // Also after a failure: the room may be there.
    onSettled: () => queries.invalidateQueries({ queryKey: roomsKey }),
  })
}
