import {
  type LiveThread,
  type ThreadSnapshot,
  type ThreadsClient,
  ThreadsClientError,
} from '@parley/threads/client'
import { createOpenLives } from './open-lives.js'
import type { ThreadActions } from './thread-actions.js'
import { threadActions } from './thread-actions.js'

/** What is shown of a thread before it is open, and of no thread. */
const emptySnapshot: ThreadSnapshot = Object.freeze<ThreadSnapshot>({
  status: 'loading',
  members: [],
  runs: [],
  events: [],
  timeline: [],
  hasOlder: false,
  online: [],
  typing: [],
  reads: {},
})

/** A thread as `useSyncExternalStore` wants it: open while somebody subscribes. */
export type ThreadStore = {
  subscribe(listener: () => void): () => void
  read(): ThreadSnapshot
  readonly actions: ThreadActions
}

/** `threadId` undefined is a thread that never opens. */
export function createThreadStore(client: ThreadsClient, threadId: string | undefined): ThreadStore {
  const { subscribe, newest } = createOpenLives<LiveThread>(
    threadId === undefined ? undefined : () => client.openThread(threadId),
  )

  return {
    subscribe,
    read: () => newest()?.snapshot() ?? emptySnapshot,
    actions: threadActions(() => {
      const live = newest()
      if (live) return live
      throw new ThreadsClientError('closed', 'The thread is not open.')
    }),
  }
}
