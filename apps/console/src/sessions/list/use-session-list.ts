import type { ConnectionState } from '@parley/sessions/client'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { Connection } from '../../live/follow-source.js'
import { useClock } from '../../time/use-now.js'
import { told } from '../client/problems.js'
import { sessionsClient } from '../client/sessions-client.js'
import { spaced } from '../client/spaced.js'
import { changesList, type ListedSession } from '../model/session-list.js'

export const sessionsKey = ['sessions', 'list'] as const

/** However much happens, the list is read at most this often. */
const pauseMs = 1_000

/** All sessions, read again whenever something happens that the list shows. */
export function useSessionList() {
  const query = useQuery({ queryKey: sessionsKey, queryFn: () => told(readSessions()) })
  return { query, connection: useRefreshing(sessionsKey) }
}

async function readSessions(): Promise<ListedSession[]> {
  const sessions = await sessionsClient().fetchSessions()
  return Promise.all(
    sessions.map(async (session) => {
      const asks = session.status === 'active' && session.pendingPermission !== null
      return { session, openQuestions: asks ? await countOpen(session.id) : 0 }
    }),
  )
}

/** The list says of the oldest question only. */
async function countOpen(id: string): Promise<number> {
  const asked = await sessionsClient()
    .fetchPermissions(id)
    .catch(() => [])
  return Math.max(1, asked.filter(({ state }) => state === 'open').length)
}

/** One subscription to everything that happens. */
function useRefreshing(key: readonly unknown[]): Connection {
  const queries = useQueryClient()
  const clock = useClock()
  const [connection, setConnection] = useState<Connection>('connecting')
  useEffect(() => {
    const refresh = spaced(clock, pauseMs, () => void queries.invalidateQueries({ queryKey: key }))
    const socket = sessionsClient().connect()
    socket.onState(() => setConnection(connections[socket.state()]))
    setConnection(connections[socket.state()])
    socket.subscribe('agents', {
      onEvent: ({ event }) => changesList(event) && refresh.soon(),
      onLifecycle: () => refresh.soon(),
      // Also after every reconnect: what happened meanwhile is not said again.
      onSubscribed: () => refresh.soon(),
    })
    return () => {
      refresh.stop()
      socket.close()
    }
  }, [queries, clock, key])
  return connection
}

const connections: Record<ConnectionState, Connection> = {
  connecting: 'connecting',
  connected: 'open',
  reconnecting: 'lost',
  disconnected: 'lost',
}
