// Pages of threads (contract 3.2).
import type { ListedThread, Page, Thread, ThreadCursor } from '../protocol/index.js'
import type { Caller } from './caller.js'
import type { ThreadsDeps } from './deps.js'
import { toThread } from './objects.js'
import { toThreadPosition } from './position.js'
import { countUnread } from './unread.js'

/** What to list: a page of visible threads, newest first. `unread`: each with what the caller has not read. */
export type ThreadListing = { limit: number; cursor?: ThreadCursor; memberOnly?: boolean; unread?: boolean }

/** Most threads of a page that is asked for `unread`: the log of each is read. */
const maxCounted = 100

/** Lists the threads that the caller sees; membership is not needed. */
export async function listThreads(
  deps: ThreadsDeps,
  caller: Caller,
  { limit: wanted, cursor, memberOnly = false, unread = false }: ThreadListing,
): Promise<Page<ListedThread>> {
  const { identity, tenant, namespace } = caller
  const limit = unread ? Math.min(wanted, maxCounted) : wanted
  const rows = await deps.store.listThreads({
    tenant,
    namespace,
    limit: limit + 1,
    ...(memberOnly && { memberId: identity.id }),
    ...(cursor && { after: toThreadPosition(cursor) }),
  })
  const threads = rows.slice(0, limit).map(toThread)
  const last = rows.length > limit ? threads.at(-1) : undefined
  const items = unread ? await withUnread(deps, caller, threads) : threads
  return { items, next_cursor: last ? { created_at: last.created_at, id: last.id } : null }
}

/** One after the other: a page of each log is in memory meanwhile. */
async function withUnread(deps: ThreadsDeps, caller: Caller, threads: Thread[]): Promise<ListedThread[]> {
  const listed: ListedThread[] = []
  for (const thread of threads) listed.push({ ...thread, unread: await countUnread(deps, caller, thread.id) })
  return listed
}
