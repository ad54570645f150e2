import type { Page, Run, RunQuery } from '../../protocol/index.js'
import type { Caller } from '../caller.js'
import type { ThreadsDeps } from '../deps.js'
import { enter } from '../gate.js'
import { toRun } from '../objects.js'
import { toThreadPosition } from '../position.js'

/** Runs of a thread, newest first. The time of a cursor is `started_at`. */
export async function listRuns(
  deps: ThreadsDeps,
  caller: Caller,
  threadId: string,
  readQuery: () => RunQuery,
): Promise<Page<Run>> {
  await enter(deps, caller, threadId, 'thread.read')
  const { limit, cursor, activeOnly } = readQuery()
  const position = cursor && toThreadPosition(cursor)
  const rows = await deps.store.listRuns(threadId, {
    activeOnly,
    limit: limit + 1,
    ...(position && { after: { startedAt: position.createdAt, id: position.id } }),
  })
  const items = rows.slice(0, limit).map(toRun)
  const last = rows.length > limit ? items.at(-1) : undefined
  return { items, next_cursor: last ? { created_at: last.started_at, id: last.id } : null }
}
