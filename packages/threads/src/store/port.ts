import type { Op } from '@parley/kernel/db'
import type { Micros } from '@parley/kernel/ids'
import type { Identity } from '../protocol/index.js'

/** A flat map of text: what an identity must have to see a thread. */
export type TenantMap = Readonly<Record<string, string>>

/** A thread as it is stored. Times are microseconds since 1970. Its events are in the log, not here. */
export type ThreadRow = {
  id: string
  tenant: TenantMap
  metadata: Record<string, unknown>
  createdAt: Micros
  updatedAt: Micros
  /** Grows by one with every change; changes are guarded by it. */
  version: number
}

/** What a patch of a thread may set; what is absent stays. */
export type ThreadChange = Partial<Pick<ThreadRow, 'tenant' | 'metadata'>> & { updatedAt: Micros }

/** One member of one thread. */
export type MemberRow = {
  threadId: string
  identityId: string
  /** As it was when the member was added. */
  identity: Identity
  role: string
  addedAt: Micros
  addedBy: Identity
}

/** Where a run stands. `pending` and `running` are active; the others never change again. */
export type RunState = 'pending' | 'running' | 'completed' | 'failed' | 'cancelled'

/** One execution of an assistant. */
export type RunRow = {
  id: string
  threadId: string
  assistant: Identity
  triggeredBy: Identity
  status: RunState
  /** When it was created. */
  startedAt: Micros
  /** When its handler began; null before. */
  runningAt: Micros | null
  completedAt: Micros | null
  error: { code: string; message: string } | null
  idempotencyKey: string | null
  metadata: Record<string, unknown>
  /** 0 for a run that a person started, one more for each assistant in between. */
  depth: number
  /** Who asked first for one more run once this one ends; null when nobody did. Requests that come meanwhile coalesce. */
  queuedBy: Identity | null
  /** Until when its node answers for it; an active run past this time is orphaned. */
  leaseExpiresAt: Micros
}

/** What a change of a run may set beside its status. */
export type RunChange = Partial<Pick<RunRow, 'runningAt' | 'completedAt' | 'error' | 'leaseExpiresAt'>>

/** What an idempotency key stands for in its thread. */
export type InvocationRow = {
  threadId: string
  key: string
  /** Sorted. */
  assistantIds: readonly string[]
  /** In the order that was asked first. */
  runIds: readonly string[]
}

/** Which threads a caller may see. */
export type ThreadQuery = {
  /** The caller's tenant: a thread is visible when all its entries are among these. */
  tenant: TenantMap
  /** Entries that a thread must have as they stand here: the caller's namespace. Default none. */
  namespace?: TenantMap
  /** Only threads with this member. */
  memberId?: string
  /** Only those that come after this one in the list. */
  after?: { createdAt: Micros; id: string }
  limit: number
}

/**
 * State of threads. Questions are answered from committed rows; changes are statements for a unit of the log, so that
 * state and events commit together. A statement that says "refuses" fails its unit when its condition does not hold.
 */
export interface ThreadStore {
  findThread(id: string): Promise<ThreadRow | undefined>
  /** Visible threads, newest first: `createdAt` and `id` descending. */
  listThreads(query: ThreadQuery): Promise<ThreadRow[]>
  /** Refuses when the id is taken. */
  insertThread(row: ThreadRow): Op
  /** Refuses when the thread is not at `version` any more. */
  updateThread(id: string, version: number, change: ThreadChange): Op
  /** Refuses when there is no such thread; otherwise removes it, its members, runs and invocations. */
  removeThread(id: string): Op[]

  findMember(threadId: string, identityId: string): Promise<MemberRow | undefined>
  /** By `addedAt`, then by id. */
  listMembers(threadId: string): Promise<MemberRow[]>
  countMembers(threadId: string): Promise<number>
  /** Refuses when it is a member already, or the thread is gone. */
  insertMember(row: MemberRow): Op
  /** Refuses when it is no member. */
  removeMember(threadId: string, identityId: string): Op
  /** Refuses when it is no member. Nobody can remove the member or the thread before the unit has committed. */
  memberGuard(threadId: string, identityId: string): Op
  /** Refuses when there is no such thread. Nobody can remove it before the unit has committed. */
  threadGuard(id: string): Op

  findRun(id: string): Promise<RunRow | undefined>
  findRuns(ids: readonly string[]): Promise<RunRow[]>
  /** Newest first. `activeOnly`: pending and running ones. */
  listRuns(threadId: string, options: { activeOnly?: boolean; limit: number }): Promise<RunRow[]>
  findActiveRun(threadId: string, assistantId: string): Promise<RunRow | undefined>
  /** Active runs of all threads whose `leaseExpiresAt` has passed, oldest first. */
  orphans(now: Micros, limit: number): Promise<RunRow[]>
  /** Refuses when the assistant has an active run in the thread, or one with the same key, or the thread is gone. */
  insertRun(row: RunRow): Op
  /** Changes the status; refuses when it is none of `from` now, or over. */
  moveRun(id: string, from: readonly RunState[], to: RunState, change: RunChange): Op
  /** Prolongs an active run's lease; refuses when it is over. */
  renewRun(id: string, leaseExpiresAt: Micros): Op
  /** Asks for one more run after this one; refuses when it is over. The first who asked stays. */
  queueAfter(id: string, by: Identity): Op
  /** Refuses when the run is not `running`. Nobody can end it before the unit has committed. */
  runGuard(id: string): Op

  findInvocation(threadId: string, key: string): Promise<InvocationRow | undefined>
  /** Refuses when the key is taken, or the thread is gone. */
  insertInvocation(row: InvocationRow): Op
}
