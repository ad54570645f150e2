import { createThreadsClient, type ThreadsClient } from '@parley/threads/client'
import type { UserIdentity } from '@parley/threads/protocol'
import { useEffect, useState } from 'react'
import { browserClock } from '../../time/clock.js'
import { mintToken } from '../model/api.js'
import { addressing } from './addressing.js'
import { tokenSource } from './token-source.js'

/** A client that acts as an identity. Whoever makes it closes it. */
export function openRoomClient(identity: UserIdentity): ThreadsClient {
  const mint = (ttlSeconds: number) => mintToken(identity, ttlSeconds)
  return createThreadsClient({ token: tokenSource({ mint, clock: browserClock }) })
}

/**
 * The client of a room that is shown; null until it is there. `identity` and `recipients` are those of the first time:
 * give the component a key.
 */
export function useRoomClient(
  identity: UserIdentity,
  recipients: () => readonly string[],
): ThreadsClient | null {
  const [client, setClient] = useState<ThreadsClient | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    const opened = openRoomClient(identity)
    setClient(addressing(opened, recipients))
    return () => opened.close()
  }, [])
  return client
}
