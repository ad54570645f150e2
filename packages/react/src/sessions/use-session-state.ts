import type { PendingPermission, Session } from '@parley/sessions/protocol'
import { useMemo, useState, useSyncExternalStore } from 'react'
import { type SessionLogMarkdownSegment, sessionLogsToSegments } from './segments.js'
import { useSessionStore } from './use-session.js'
import { type SessionEvents, useSessionEvents } from './use-session-events.js'

export type SessionState = Omit<SessionEvents, 'events' | 'requestFsSnapshot'> & {
  readonly session: Session | undefined
  readonly isLoading: boolean
  readonly logs: SessionEvents['events']
  readonly markdownSegments: readonly SessionLogMarkdownSegment[]
  readonly isProcessing: boolean
  readonly pendingPermissions: readonly PendingPermission[]
  /** The session's directory, where the server says it. */
  readonly workspaceRoot: string | undefined
  readonly showAllFiles: boolean
  setShowAllFiles(value: boolean): void
}

/** What a page about one session shows, in one object; `useSession` costs less and knows more. */
export function useSessionState(id: string | undefined): SessionState {
  const { events, requestFsSnapshot: _unused, ...rest } = useSessionEvents(id)
  const store = useSessionStore(id)
  const state = useSyncExternalStore(store.subscribe, store.read, store.read)
  const [showAllFiles, setShowAllFiles] = useState(false)
  const markdownSegments = useMemo(() => sessionLogsToSegments(events), [events])
  const { session, status, isProcessing, pendingPermissions } = state
  return {
    ...rest,
    session,
    isLoading: status === 'loading',
    logs: events,
    markdownSegments,
    isProcessing,
    pendingPermissions,
    workspaceRoot: session?.cwd,
    showAllFiles,
    setShowAllFiles,
  }
}
