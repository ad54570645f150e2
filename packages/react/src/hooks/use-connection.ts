import type { ConnectionState } from '@parley/threads/client'
import { useCallback, useSyncExternalStore } from 'react'
import { useThreadsClient } from '../provider.js'

/** Where the client's one connection is. */
export function useConnection(): ConnectionState {
  const client = useThreadsClient()
  const subscribe = useCallback((listener: () => void) => client.onConnection(listener), [client])
  const read = useCallback(() => client.connection(), [client])
  return useSyncExternalStore(subscribe, read, read)
}
