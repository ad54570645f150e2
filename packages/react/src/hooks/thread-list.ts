import type { ListedThread, ListThreadsQuery, ThreadsClient } from '@parley/threads/client'
import type { ThreadCursor } from '@parley/threads/protocol'

export type ThreadListState = {
  readonly threads: readonly ListedThread[]
  /** Until the first answer. */
  readonly isLoading: boolean
  /** While something is asked, the first time included. */
  readonly isRefreshing: boolean
  readonly hasMore: boolean
  /** Why the last question failed. A `ThreadsClientError`. What was there before stays. */
  readonly error: unknown
}

const nothing: ThreadListState = {
  threads: [],
  isLoading: true,
  isRefreshing: false,
  hasMore: false,
  error: undefined,
}

/** A list of threads that grows by pages and is read anew as a whole. */
export type ThreadList = {
  subscribe(listener: () => void): () => void
  read(): ThreadListState
  /** Reads as many threads as are there now. An answer to an earlier question is dropped. */
  refresh(): Promise<void>
  /** Reads the next page; nothing while something is asked, or when nothing follows. */
  loadMore(): Promise<void>
}

/** Neither `refresh` nor `loadMore` rejects: the state has the error. */
export function createThreadList(client: ThreadsClient, query: Omit<ListThreadsQuery, 'cursor'>): ThreadList {
  const listeners = new Set<() => void>()
  let state = nothing
  let cursor: ThreadCursor | undefined
  let question = 0

  const set = (change: Partial<ThreadListState>): void => {
    state = { ...state, ...change }
    for (const listener of listeners) listener()
  }

  /** Asks for pages after `after` until there are `count` threads, or no more. */
  async function ask(before: readonly ListedThread[], after: ThreadCursor | undefined, count: number) {
    const mine = ++question
    set({ isRefreshing: true })
    try {
      const threads = [...before]
      let next = after
      do {
        const page = await client.listThreads({ ...query, ...(next && { cursor: next }) })
        if (mine !== question) return
        threads.push(...page.items)
        next = page.next_cursor ?? undefined
      } while (next && threads.length < count)
      cursor = next
      set({ threads: withoutRepeats(threads), hasMore: !!next, error: undefined })
    } catch (error) {
      if (mine === question) set({ error })
    }
    if (mine === question) set({ isLoading: false, isRefreshing: false })
  }

  return {
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    read: () => state,
    refresh: () => ask([], undefined, state.threads.length),
    loadMore: async () => {
      if (!state.isRefreshing && cursor) await ask(state.threads, cursor, 0)
    },
  }
}

// A thread that moved between two pages would come twice, and be two rows with one key.
function withoutRepeats(threads: readonly ListedThread[]): ListedThread[] {
  return [...new Map(threads.map((thread) => [thread.id, thread])).values()]
}
