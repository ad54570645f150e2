import type { SessionsClient } from '@parley/sessions/client'
import { useEffect, useMemo, useSyncExternalStore } from 'react'
import { onChange, type Topic } from './changes.js'
import { useSessionsClient } from './provider.js'
import { createQuery, type QueryState, unasked } from './query.js'

export type Queried<T> = QueryState<T> & {
  /** Asks anew. Never rejects: see `error`. */
  refresh(): Promise<void>
}

export type QueryOptions = {
  /** False: nothing is asked. Default true. */
  enabled?: boolean
}

type Asking<T> = {
  /** Equal texts are the same question. */
  key: string
  topic?: Topic
  ask(client: SessionsClient): Promise<T>
}

/** Asks on mount, when the page gets the focus, and when a hook changed something of the topic. */
export function useQuery<T>(
  { key, topic, ask }: Asking<T>,
  { enabled = true }: QueryOptions = {},
): Queried<T> {
  const client = useSessionsClient()
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says what is asked
  const query = useMemo(() => createQuery(() => ask(client)), [client, key])
  const state = useSyncExternalStore(query.subscribe, query.read, query.read)

  useEffect(() => {
    if (!enabled) return
    const refresh = (): void => void query.refresh()
    const stop = onChange(client, (changed) => {
      if (changed === topic) refresh()
    })
    window.addEventListener('focus', refresh)
    refresh()
    return () => {
      stop()
      window.removeEventListener('focus', refresh)
    }
  }, [client, query, topic, enabled])

  return useMemo(
    () => ({ ...(enabled ? state : unasked), refresh: enabled ? query.refresh : async () => {} }),
    [state, query, enabled],
  )
}
