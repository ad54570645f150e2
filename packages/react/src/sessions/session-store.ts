import {
  type LiveSession,
  type SessionSnapshot,
  type SessionsClient,
  SessionsClientError,
} from '@parley/sessions/client'
import type { SessionLog } from '@parley/sessions/protocol'
import { createOpenLives } from '../hooks/open-lives.js'

/** What one can do in a session. While it is not open they reject with the code `closed`, except `discard`. */
export type SessionActions = Omit<LiveSession, 'id' | 'getState' | 'logs' | 'subscribe' | 'close'>

/** What is shown of a session before it is open, and of no session. */
const emptySnapshot: SessionSnapshot = Object.freeze<SessionSnapshot>({
  id: '',
  status: 'loading',
  timeline: [],
  isProcessing: false,
  pendingPermissions: [],
  configOptions: [],
  commands: [],
  terminals: [],
  files: { count: 0, changes: [] },
  isTruncated: false,
})

const noLogs: readonly SessionLog[] = []

/** A session as `useSyncExternalStore` wants it: open while somebody subscribes. */
export type SessionStore = {
  subscribe(listener: () => void): () => void
  read(): SessionSnapshot
  logs(): readonly SessionLog[]
  readonly actions: SessionActions
}

/** `id` undefined is a session that never opens. */
export function createSessionStore(client: SessionsClient, id: string | undefined): SessionStore {
  const { subscribe, newest } = createOpenLives<LiveSession>(
    id === undefined ? undefined : () => client.session(id),
  )

  return {
    subscribe,
    read: () => newest()?.getState() ?? emptySnapshot,
    logs: () => newest()?.logs() ?? noLogs,
    actions: sessionActions(() => {
      const live = newest()
      if (live) return live
      throw new SessionsClientError('closed', 'The session is not open.')
    }, newest),
  }
}

/** The actions of whichever session is open when they are called. `live` throws when none is. */
function sessionActions(live: () => LiveSession, find: () => LiveSession | undefined): SessionActions {
  return {
    prompt: async (...given) => live().prompt(...given),
    retry: async (...given) => live().retry(...given),
    respond: async (...given) => live().respond(...given),
    cancel: async (...given) => live().cancel(...given),
    terminate: async () => live().terminate(),
    clearQueue: async () => live().clearQueue(),
    reorderQueue: async (...given) => live().reorderQueue(...given),
    pauseQueue: async () => live().pauseQueue(),
    resumeQueue: async () => live().resumeQueue(),
    setMode: async (...given) => live().setMode(...given),
    setModel: async (...given) => live().setModel(...given),
    setConfigOption: async (...given) => live().setConfigOption(...given),
    // Answers nothing, so that an event handler may call it at any time.
    discard: (key) => find()?.discard(key),
  }
}
