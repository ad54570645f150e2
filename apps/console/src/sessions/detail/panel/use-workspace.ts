// What is read of the directory that a session works in.

import type { SessionSnapshot } from '@parley/sessions/client'
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useRef } from 'react'
import { useClock } from '../../../time/use-now.js'
import { told } from '../../client/problems.js'
import { sessionsClient } from '../../client/sessions-client.js'
import { type ChangedFile, toGitStatus } from '../../model/git-status.js'
import { joinPath, relativeTo } from '../../model/paths.js'

const workspaceKey = (id: string) => ['sessions', 'workspace', id] as const

/** Files that change are read again after this long: once for all that change meanwhile. */
const pauseMs = 800

/** Reads what is shown again when files changed, and at the end of a turn; not any more once the session is over. */
export function useFreshWorkspace(id: string, { files, status, isProcessing }: SessionSnapshot): void {
  const queries = useQueryClient()
  const clock = useClock()
  const isEnded = status === 'ended'
  const state = `${files.count} ${isProcessing}`
  const seen = useRef(state)
  const stopTimer = useRef<(() => void) | undefined>(undefined)
  const stop = useCallback(() => {
    stopTimer.current?.()
    stopTimer.current = undefined
  }, [])
  useEffect(() => {
    if (isEnded) return stop()
    if (seen.current === state) return
    seen.current = state
    stopTimer.current ??= clock.after(pauseMs, () => {
      stopTimer.current = undefined
      void queries.invalidateQueries({ queryKey: workspaceKey(id) })
    })
  }, [queries, clock, id, state, isEnded, stop])
  useEffect(() => stop, [stop])
}

/** A directory; `path` is relative to the session's, which is the empty one. */
export function useFolder(id: string, path: string, showAll: boolean) {
  return useQuery({
    queryKey: [...workspaceKey(id), 'folder', path, showAll],
    queryFn: () =>
      told(
        sessionsClient().fetchSessionFileSystem(id, { ...(path !== '' && { path }), showAllFiles: showAll }),
      ),
    retry: false,
  })
}

export function useFile(id: string, path: string) {
  return useQuery({
    queryKey: [...workspaceKey(id), 'file', path],
    queryFn: () => told(sessionsClient().fetchSessionFilePreview(id, path)),
    retry: false,
  })
}

export function useSearch(id: string, words: string, kind: 'name' | 'text') {
  return useQuery({
    queryKey: [...workspaceKey(id), 'search', kind, words],
    queryFn: () => told(sessionsClient().searchSessionFiles(id, words, { kind })),
    enabled: words.trim() !== '',
    placeholderData: keepPreviousData,
    retry: false,
  })
}

/** What git says is changed. Fails outside of repositories. */
export function useGitStatus(id: string) {
  return useQuery({
    queryKey: [...workspaceKey(id), 'status'],
    queryFn: async () => toGitStatus(await told(sessionsClient().fetchSessionGitStatus(id))),
    retry: false,
  })
}

/** The changes as a patch, staged ones and others. */
export function useGitPatch(id: string, isEnabled = true) {
  return useQuery({
    queryKey: [...workspaceKey(id), 'patch'],
    queryFn: () => readPatch(id),
    enabled: isEnabled,
    retry: false,
  })
}

export function useGit<T>(id: string, what: string, read: () => Promise<T>, isEnabled: boolean) {
  return useQuery({
    queryKey: [...workspaceKey(id), 'git', what],
    queryFn: () => told(read()),
    enabled: isEnabled,
    retry: false,
  })
}

async function readPatch(id: string): Promise<{ patch: string; truncated: boolean }> {
  const client = sessionsClient()
  const parts = await Promise.all(
    [true, false].map((staged) => told(client.fetchSessionGitDiff(id, { staged }))),
  )
  return {
    patch: parts.map(({ diff }) => diff).join(''),
    truncated: parts.some(({ truncated }) => truncated),
  }
}

/** Changed files by their path from the session's directory. */
export function useChanged(
  id: string,
  cwd: string | undefined,
  top: string | undefined,
): ReadonlyMap<string, ChangedFile> {
  const { data } = useGitStatus(id)
  return useMemo(() => {
    const root = data?.root ?? top
    const here = (path: string) => (cwd && root ? relativeTo(cwd, joinPath(root, path)) : path)
    return new Map(data?.files.map((file) => [here(file.path).replace(/\/$/, ''), file]))
  }, [data, cwd, top])
}
