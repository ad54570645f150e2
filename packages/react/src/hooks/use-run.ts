import type { LiveStatus, ThreadSnapshot } from '@parley/threads/client'
import type { Run } from '@parley/threads/protocol'
import { useCallback, useEffect, useMemo, useState } from 'react'
import { useThreadsClient } from '../provider.js'
import { useThread } from './use-thread.js'

/** One run by its id, or the newest of an assistant in a thread. */
export type RunTarget = string | { threadId: string; assistantId: string }

export type FollowedRun = {
  /** Undefined while it is read, and where there is none. */
  readonly run: Run | undefined
  readonly isActive: boolean
  /** Why a run that was asked for by its id could not be read. A `ThreadsClientError`. */
  readonly error: unknown
  /** Harmless when the run is over, or when there is none. */
  cancel(): Promise<void>
}

/** True while a run is pending or running. */
export function isActiveRun(run: Run | undefined): boolean {
  return run?.status === 'pending' || run?.status === 'running'
}

/** Follows a run, and the thread that it is in. */
export function useRun(target: RunTarget | undefined): FollowedRun {
  const client = useThreadsClient()
  const runId = typeof target === 'string' ? target : undefined
  const place = typeof target === 'string' ? undefined : target
  const [fetched, setFetched] = useState<Fetched>({})
  const read = fetched.runId === runId ? fetched : {}

  const assistantId = place?.assistantId
  const pick = useCallback(
    ({ runs, status }: ThreadSnapshot): Followed => ({
      run: runs.find((run) => (runId === undefined ? run.assistant.id === assistantId : run.id === runId)),
      status,
    }),
    [runId, assistantId],
  )
  const isOver = read.run !== undefined && !isActiveRun(read.run)
  const live = useThread(place?.threadId ?? (isOver ? undefined : read.run?.thread_id), pick, isSame)

  const isLive = live.status === 'live'
  // biome-ignore lint/correctness/useExhaustiveDependencies: a run that ended before the join is not pushed, so it is read again once live
  useEffect(() => {
    if (runId === undefined || isOver) return
    let isCurrent = true
    client.getRun(runId).then(
      (run) => isCurrent && setFetched({ runId, run }),
      (error: unknown) =>
        isCurrent && setFetched((last) => ({ ...(last.runId === runId && last), runId, error })),
    )
    return () => {
      isCurrent = false
    }
  }, [client, runId, isLive, isOver])

  const run = isOver ? read.run : (live.run ?? read.run)
  const id = run?.id
  const cancel = useCallback(async () => {
    if (id !== undefined) await client.cancelRun(id)
  }, [client, id])
  return useMemo(
    () => ({ run, isActive: isActiveRun(run), error: read.error, cancel }),
    [run, read.error, cancel],
  )
}

type Fetched = { runId?: string; run?: Run; error?: unknown }
type Followed = { run: Run | undefined; status: LiveStatus }

const isSame = (before: Followed, after: Followed): boolean =>
  before.run === after.run && before.status === after.status
