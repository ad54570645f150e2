import type { ListThreadsQuery } from '@parley/threads/client'
import type { CreateThread, Thread } from '@parley/threads/protocol'
import { useCallback, useEffect, useMemo, useSyncExternalStore } from 'react'
import { useThreadsClient } from '../provider.js'
import { createThreadList, type ThreadListState } from './thread-list.js'

export type Threads = ThreadListState & {
  /** Reads the list anew, for example after something that changed it. Never rejects: see `error`. */
  refresh(): Promise<void>
  /** Reads the next page. Never rejects: see `error`. */
  loadMore(): Promise<void>
  /** Creates a thread and reads the list anew. Rejects with a `ThreadsClientError`. */
  create(thread?: CreateThread): Promise<Thread>
}

/** The caller's threads, newest first. Read on mount, and again when the page gets the focus. */
export function useThreads(query: Omit<ListThreadsQuery, 'cursor'> = {}): Threads {
  const client = useThreadsClient()
  const { limit, member, unread } = query
  const list = useMemo(
    () =>
      createThreadList(client, {
        ...(limit !== undefined && { limit }),
        ...(member && { member }),
        ...(unread !== undefined && { unread }),
      }),
    [client, limit, member, unread],
  )
  const state = useSyncExternalStore(list.subscribe, list.read, list.read)

  useEffect(() => {
    void list.refresh()
    return onReturn(() => {
      if (!list.read().isRefreshing) void list.refresh()
    })
  }, [list])

  const create = useCallback(
    async (thread?: CreateThread) => {
      const created = await client.createThread(thread)
      void list.refresh()
      return created
    },
    [client, list],
  )
  return useMemo(
    () => ({ ...state, refresh: list.refresh, loadMore: list.loadMore, create }),
    [state, list, create],
  )
}

/** Calls `returned` when the user comes back to the page. */
function onReturn(returned: () => void): () => void {
  const visible = (): void => {
    if (document.visibilityState === 'visible') returned()
  }
  window.addEventListener('focus', visible)
  document.addEventListener('visibilitychange', visible)
  return () => {
    window.removeEventListener('focus', visible)
    document.removeEventListener('visibilitychange', visible)
  }
}
