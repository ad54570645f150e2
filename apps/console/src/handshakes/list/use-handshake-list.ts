import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { readJson } from '../../api/read.js'
import { apiBase } from '../../api/request.js'
import { type Connection, followSource } from '../../live/follow-source.js'
import { whileVisible } from '../../live/while-visible.js'
import { meKey } from '../../shell/session.js'
import { useClock } from '../../time/use-now.js'
import { listHandshakes, type StateFilter } from '../model/api.js'
import { parseHandshake } from '../model/handshake.js'
import { type LiveHandshakes, mergeLive, rememberLive } from '../model/live-list.js'

const listKey = ['handshakes', 'list'] as const

/** The list of a filter, kept up to date by the live stream. */
export function useHandshakeList(filter: StateFilter) {
  const clock = useClock()
  const { live, connection } = useLiveHandshakes()
  const query = useInfiniteQuery({
    queryKey: [...listKey, filter],
    queryFn: ({ pageParam }) => listHandshakes(filter, pageParam, clock.now()),
    initialPageParam: '',
    getNextPageParam: (last) => last.nextCursor,
  })
  const handshakes = useMemo(
    () => mergeLive(query.data?.pages.flatMap((page) => page.handshakes) ?? [], live, filter),
    [query.data, live, filter],
  )
  return { query, handshakes, connection }
}

function useLiveHandshakes(): { live: LiveHandshakes; connection: Connection } {
  const clock = useClock()
  const queries = useQueryClient()
  const [live, setLive] = useState<LiveHandshakes>(new Map())
  const [connection, setConnection] = useState<Connection>('connecting')

  useEffect(() => {
    const receive = (data: string) => {
      const handshake = parseHandshake(readJson(data), clock.now())
      if (handshake.id) setLive((known) => rememberLive(known, handshake))
    }
    const onConnection = (next: Connection) => {
      setConnection(next)
      // What changed between reading the list and this moment was told to nobody: read it again.
      if (next === 'open') void queries.invalidateQueries({ queryKey: listKey })
      if (next === 'lost') void queries.invalidateQueries({ queryKey: meKey })
    }
    const url = () => `${apiBase}/handshakes/live`
    return whileVisible(document, () =>
      followSource({ url, on: { handshake: receive }, onConnection, clock }),
    )
  }, [clock, queries])

  return { live, connection }
}
