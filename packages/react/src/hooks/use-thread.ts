import type { ThreadSnapshot } from '@parley/threads/client'
import { useMemo } from 'react'
import { useThreadsClient } from '../provider.js'
import type { ThreadActions } from './thread-actions.js'
import { createThreadStore, type ThreadStore } from './thread-store.js'
import { useSelected } from './use-selected.js'

/** A thread as it is now, and what one can do in it. The actions stay the same functions. */
export type OpenThread = ThreadSnapshot & ThreadActions

/**
 * Follows a thread from mount to unmount. Without an id nothing is opened and `status` stays `loading`.
 * With `select` only what it takes from the snapshot is answered, and the component renders again only when that
 * changes by `isEqual` (default `Object.is`). Components that follow the same thread share one subscription.
 */
export function useThread(threadId: string | undefined): OpenThread
export function useThread<T>(
  threadId: string | undefined,
  select: (snapshot: ThreadSnapshot) => T,
  isEqual?: (before: T, after: T) => boolean,
): T
export function useThread<T>(
  threadId: string | undefined,
  select?: (snapshot: ThreadSnapshot) => T,
  isEqual: (before: T, after: T) => boolean = Object.is,
): T | OpenThread {
  const store = useThreadStore(threadId)
  // The cast: without `select` it is the snapshot itself that is compared, and only by identity.
  const picked = useSelected(store, (select ?? everything) as (snapshot: ThreadSnapshot) => T, isEqual)
  const isWhole = select === undefined
  return useMemo(
    // The cast: `everything` picked the snapshot.
    () => (isWhole ? { ...(picked as ThreadSnapshot), ...store.actions } : picked),
    [picked, store, isWhole],
  )
}

const everything = (snapshot: ThreadSnapshot): ThreadSnapshot => snapshot

/** The store of one thread; the same one for the same client and id. */
export function useThreadStore(threadId: string | undefined): ThreadStore {
  const client = useThreadsClient()
  return useMemo(() => createThreadStore(client, threadId), [client, threadId])
}
