import type { ConnectionState, LiveSessionStatus } from '@parley/sessions/client'
import type {
  FilePreview,
  FileSystemSnapshot,
  PermissionResponseBody,
  SessionLog,
} from '@parley/sessions/protocol'
import { useMemo, useSyncExternalStore } from 'react'
import { useSessionsClient } from './provider.js'
import type { SessionActions } from './session-store.js'
import { useSessionStore } from './use-session.js'

export type SessionEvents = Pick<SessionActions, 'prompt' | 'cancel' | 'terminate'> & {
  /** Everything that happened, as it was sent, oldest first. */
  readonly events: readonly SessionLog[]
  readonly connectionState: ConnectionState
  readonly isConnected: boolean
  respondToPermission(requestId: string, body: PermissionResponseBody): Promise<void>
  requestFilePreview(path: string): Promise<FilePreview>
  requestFsSnapshot(path?: string): Promise<FileSystemSnapshot>
}

/** The log of a session as it grows, for whoever folds it differently than `useSession` does. */
export function useSessionEvents(id: string | undefined): SessionEvents {
  const client = useSessionsClient()
  const store = useSessionStore(id)
  const events = useSyncExternalStore(store.subscribe, store.logs, store.logs)
  const { status } = useSyncExternalStore(store.subscribe, store.read, store.read)
  return useMemo(() => {
    const { prompt, cancel, terminate, respond } = store.actions
    const connectionState = connectionOf(status)
    return {
      events,
      connectionState,
      isConnected: connectionState === 'connected',
      prompt,
      cancel,
      terminate,
      respondToPermission: respond,
      requestFilePreview: (path) => client.fetchSessionFilePreview(id ?? '', path),
      requestFsSnapshot: (path) =>
        client.fetchSessionFileSystem(id ?? '', { ...(path !== undefined && { path }) }),
    }
  }, [client, store, id, events, status])
}

/** What a session's status says of its connection. */
function connectionOf(status: LiveSessionStatus): ConnectionState {
  if (status === 'live') return 'connected'
  if (status === 'loading') return 'connecting'
  return status === 'reconnecting' ? status : 'disconnected'
}
