import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { useClock } from '../../time/use-now.js'
import { getHandshake } from '../model/api.js'

/** Sockets and touches make no events, so the head of the page is read again now and then. */
const refreshMs = 10_000

const detailKey = (id: string) => ['handshakes', 'detail', id] as const

/** One handshake with its fields. */
export function useHandshake(id: string) {
  const clock = useClock()
  return useQuery({
    queryKey: detailKey(id),
    queryFn: () => getHandshake(id, clock.now),
    refetchInterval: ({ state }) => (state.data?.state === 'ended' ? false : refreshMs),
  })
}

/** Reads a handshake again. Calls during a reading are one more reading, not many. */
export function useRefreshHandshake(id: string): () => Promise<void> {
  const queries = useQueryClient()
  return useCallback(
    () => queries.invalidateQueries({ queryKey: detailKey(id) }, { cancelRefetch: false }),
    [queries, id],
  )
}
