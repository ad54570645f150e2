import type { EventFrame } from '@parley/sessions/client'
import type { Session } from '@parley/sessions/protocol'
import { useEffect } from 'react'
import { useSessionsClient } from './provider.js'
import { type Queried, type QueryOptions, useQuery } from './use-query.js'

export type UseSessionsOptions = QueryOptions & {
  /** Follows every session, so that the list is always true; it costs everything they say. Default false. */
  live?: boolean
}

const refreshWithinMs = 300

/** Sessions, newest first, ended ones too. */
export function useSessions({ live = false, enabled }: UseSessionsOptions = {}): Queried<Session[]> {
  const client = useSessionsClient()
  const sessions = useQuery(
    { key: 'sessions', topic: 'sessions', ask: (one) => one.fetchSessions() },
    { enabled },
  )
  const { refresh } = sessions

  useEffect(() => {
    if (!live) return
    let timer: ReturnType<typeof setTimeout> | undefined
    // Much may change at once; what comes while one is planned is in its answer.
    const changed = (): void => {
      timer ??= setTimeout(() => {
        timer = undefined
        void refresh()
      }, refreshWithinMs)
    }
    const socket = client.connect()
    socket.subscribe('agents', {
      onEvent: (frame) => {
        if (changesList(frame)) changed()
      },
      // What happened before that, also while the connection was away, is not told.
      onSubscribed: changed,
      onLifecycle: changed,
    })
    return () => {
      clearTimeout(timer)
      socket.close()
    }
  }, [client, live, refresh])
  return sessions
}

/** What a list shows: turns, questions, queues and ends, but not every word. */
function changesList({ event: { type, data } }: EventFrame): boolean {
  if (type === 'rpc') return data.method === 'session/prompt'
  return type.startsWith('permission_') || type.startsWith('queue.') || type === 'session.terminated'
}
