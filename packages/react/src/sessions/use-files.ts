import type { SearchOptions } from '@parley/sessions/client'
import type { FilePreview, FileSearchResponse, FileSystemSnapshot } from '@parley/sessions/protocol'
import { useEffect, useMemo, useRef } from 'react'
import { useSessionsClient } from './provider.js'
import { type UseFileSystemOptions, useSessionFileSystem } from './queries.js'
import { useSession } from './use-session.js'

export type Files = {
  /** The directory that is asked for; undefined until it is there. */
  readonly snapshot: FileSystemSnapshot | undefined
  readonly isLoading: boolean
  readonly error: unknown
  refresh(): Promise<void>
  /** The beginning of a file. Rejects with a `SessionsClientError`. */
  preview(path: string): Promise<FilePreview>
  /** Rejects with a `SessionsClientError`. */
  search(q: string, options?: SearchOptions): Promise<FileSearchResponse>
}

/** A directory of a session, read anew when the agent changed something. */
export function useFiles(sessionId: string, options: UseFileSystemOptions = {}): Files {
  const client = useSessionsClient()
  const { data: snapshot, isLoading, error, refresh } = useSessionFileSystem(sessionId, options)
  const changes = useSession(sessionId, ({ files }) => files.count)
  const seen = useRef(changes)
  useEffect(() => {
    if (seen.current === changes) return
    seen.current = changes
    void refresh()
  }, [changes, refresh])

  return useMemo(
    () => ({
      snapshot,
      isLoading,
      error,
      refresh,
      preview: (path) => client.fetchSessionFilePreview(sessionId, path),
      search: (q, given) => client.searchSessionFiles(sessionId, q, given),
    }),
    [client, sessionId, snapshot, isLoading, error, refresh],
  )
}
