// What the people who run a server see and do in rooms: those of all tenants, without being a member.
import { kernelErrors } from '@parley/kernel/errors'
import { isVisible } from '@parley/kernel/principal'
import { threadsErrors } from '../errors.js'
import type { AddMember, Identity, Run, Thread, ThreadMember } from '../protocol/index.js'
import type { OperatorReads, TenantMap, ThreadCounts, ThreadRow } from '../store/port.js'
import type { ThreadsDeps } from './deps.js'
import { storeMember } from './members.js'
import { toMember, toRun, toThread } from './objects.js'

/** A thread as an operator sees it in a list. */
export type OperatorThread = Thread & { member_count: number; active_run_count: number }

/** The same with its members, in the order they came, and its newest runs, at most 20. */
export type OperatorThreadDetail = OperatorThread & { members: ThreadMember[]; runs: Run[] }

/** Newest first. `next_cursor` is opaque, and null exactly when nothing follows. */
export type OperatorThreadPage = { items: OperatorThread[]; next_cursor: string | null }

/** `within`: only threads that have each of these entries in their tenant; `{}` for all. */
export type OperatorListing = { within: TenantMap; limit: number; cursor?: string }

/** One tenant and how many threads have exactly it. */
export type OperatorTenant = { tenant: TenantMap; threads: number }

/**
 * Operations for the people who run a server. They ask nobody who calls: whoever offers them does. Times and members are
 * those of the wire.
 */
export type ThreadsOperator = {
  /** Throws `kernel.invalid_request` for a cursor that is none of this list. */
  list(listing: OperatorListing): Promise<OperatorThreadPage>
  /** The tenants that threads have, those with the most first; at most 1,000. */
  tenants(within: TenantMap): Promise<OperatorTenant[]>
  /** Throws `threads.thread_not_found`, also for a thread that is not within. */
  get(within: TenantMap, threadId: string): Promise<OperatorThreadDetail>
  /**
   * Adds anybody, told like every other addition; the body is read once the thread was found. One who is a member already stays as first stored. Throws
   * `threads.thread_not_found` and `threads.too_many_members`.
   */
  addMember(
    author: Identity,
    within: TenantMap,
    threadId: string,
    readMember: () => AddMember | Promise<AddMember>,
  ): Promise<{ member: ThreadMember; isNew: boolean }>
}

const maxTenants = 1_000
const shownRuns = 20

export function createThreadsOperator(deps: ThreadsDeps, reads: OperatorReads): ThreadsOperator {
  const { store } = deps
  const find = async (within: TenantMap, id: string): Promise<ThreadRow> => {
    // Anything else is no id of ours, and Postgres would stumble over a NUL.
    const thread = /^[\w-]+$/.test(id) ? await store.findThread(id) : undefined
    if (!thread || !isVisible(within, thread.tenant)) throw threadsErrors.threadNotFound()
    return thread
  }
  return {
    list: async ({ within, limit, cursor }) => {
      const after = cursor === undefined ? undefined : parseCursor(cursor)
      const rows = await reads.listThreads({ within, limit: limit + 1, ...(after && { after }) })
      const shown = rows.slice(0, limit)
      const countOf = await reads.countIn(shown.map(({ id }) => id))
      const last = rows.length > limit ? shown.at(-1) : undefined
      return {
        items: shown.map((row) => summarize(row, countOf(row.id))),
        next_cursor: last ? `${last.createdAt}.${last.id}` : null,
      }
    },

    tenants: (within) => reads.listTenants(within, maxTenants),

    get: async (within, threadId) => {
      const row = await find(within, threadId)
      const [countOf, members, runs] = await Promise.all([
        reads.countIn([row.id]),
        store.listMembers(row.id),
        store.listRuns(row.id, { limit: shownRuns }),
      ])
      return { ...summarize(row, countOf(row.id)), members: members.map(toMember), runs: runs.map(toRun) }
    },

    addMember: async (author, within, threadId, readMember) => {
      await find(within, threadId)
      return storeMember(deps, author, threadId, await readMember())
    },
  }
}

const summarize = (row: ThreadRow, { members, activeRuns }: ThreadCounts): OperatorThread => ({
  ...toThread(row),
  member_count: members,
  active_run_count: activeRuns,
})

function parseCursor(cursor: string): { createdAt: number; id: string } {
  const [, createdAt, id] = /^(\d{1,16})\.([\w-]+)$/.exec(cursor) ?? []
  if (createdAt === undefined || id === undefined)
    throw kernelErrors.invalidRequest({ message: 'The cursor is none of this list.' })
  return { createdAt: Number(createdAt), id }
}
