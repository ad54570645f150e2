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
  /** Number of the event up to which they have read; 0 at first. */
  readSeq: number
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
  queuedBy: QueuedBy | null
  /** Until when its node answers for it; an active run past this time is orphaned. */
  leaseExpiresAt: Micros
}

/** Who asked for one more run, and the depth that it will have. */
export type QueuedBy = { identity: Identity; depth: number }

/** How a run must stand besides its status; what is absent does not matter. */
export type RunExpectation = { isQueued?: boolean; leaseExpiresAt?: Micros }

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

/** Which runs of a thread. */
export type RunListing = {
  /** Only pending and running ones. */
  activeOnly?: boolean
  /** Only those that come after this one in the list. */
  after?: { startedAt: Micros; id: string }
  limit: number
}

/** Leads from a form, or from the call of a tool, to the kernel's decision about it. */
export type QuestionRow = {
  threadId: string
  /** The event that asked. */
  eventId: string
  kind: 'form' | 'tool'
  /** Id of the form or of the call; distinct in one event. */
  subjectId: string
  decisionId: string
  /** The run that asked; null when a person did. */
  runId: string | null
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
  /** Refuses when there is no such thread; otherwise removes it and everything that is kept of it. */
  removeThread(id: string): Op[]

  findMember(threadId: string, identityId: string): Promise<MemberRow | undefined>
  /** By `addedAt`, then by id. */
  listMembers(threadId: string): Promise<MemberRow[]>
  countMembers(threadId: string): Promise<number>
  /** Refuses when it is a member already, or the thread is gone. */
  insertMember(row: MemberRow): Op
  /** Refuses when it is no member. */
  removeMember(threadId: string, identityId: string): Op
  /** Refuses when it is no member, or has read as far already: a mark never goes back. */
  markRead(threadId: string, identityId: string, seq: number): Op
  /** Refuses when it is no member. Nobody can remove the member or the thread before the unit has committed. */
  memberGuard(threadId: string, identityId: string): Op
  /** Refuses when there is no such thread. Nobody can remove it before the unit has committed. */
  threadGuard(id: string): Op

  /** Those of the messages that were deleted, in any order. */
  findDeletedMessages(threadId: string, eventIds: readonly string[]): Promise<string[]>
  /** Refuses when the message was deleted, or the thread is gone. Nobody can delete it before the unit has committed. */
  editMessage(threadId: string, eventId: string): Op
  /** Refuses when it was deleted already, or the thread is gone. */
  deleteMessage(threadId: string, eventId: string, at: Micros): Op

  findRun(id: string): Promise<RunRow | undefined>
  findRuns(ids: readonly string[]): Promise<RunRow[]>
  /** Newest first: `startedAt` and `id` descending. */
  listRuns(threadId: string, listing: RunListing): Promise<RunRow[]>
  findActiveRun(threadId: string, assistantId: string): Promise<RunRow | undefined>
  /** Active runs of all threads whose `leaseExpiresAt` has passed, oldest first. */
  orphans(now: Micros, limit: number): Promise<RunRow[]>
  /** Refuses when the assistant has an active run in the thread, or one with the same key, or the thread is gone. */
  insertRun(row: RunRow): Op
  /** Changes the status; refuses when it is none of `from` now, or over, or not as `expected`. */
  moveRun(
    id: string,
    from: readonly RunState[],
    to: RunState,
    change: RunChange,
    expected?: RunExpectation,
  ): Op
  /** Prolongs an active run's lease; refuses when it is over. */
  renewRun(id: string, leaseExpiresAt: Micros): Op
  /** Asks for one more run after this one; refuses when it is over. The first who asked stays. */
  queueAfter(id: string, by: QueuedBy): Op
  /** Refuses when the run is not `running`. Nobody can end it before the unit has committed. */
  runGuard(id: string): Op

  /** What an event asked, by id of the subject. */
  findQuestions(threadId: string, eventId: string): Promise<QuestionRow[]>
  /** The call of a tool with an id; the latest, when several runs used the same one. */
  findToolQuestion(threadId: string, callId: string): Promise<QuestionRow | undefined>
  /** Refuses when the event asked it already, or the thread is gone. */
  insertQuestion(row: QuestionRow): Op

  findInvocation(threadId: string, key: string): Promise<InvocationRow | undefined>
  /** Refuses when the key is taken, or the thread is gone. */
  insertInvocation(row: InvocationRow): Op
}

/** How many members and active runs a thread has. */
export type ThreadCounts = { members: number; activeRuns: number }

/** What the people who run a server look at: threads of all tenants. `within`: only those that have each of these entries. */
export interface OperatorReads {
  /** Newest first: `createdAt` and `id` descending. `after`: only those that come after this one in the list. */
  listThreads(query: {
    within: TenantMap
    after?: { createdAt: Micros; id: string }
    limit: number
  }): Promise<ThreadRow[]>
  /** Every tenant that threads have, with how many; the largest first. */
  listTenants(within: TenantMap, limit: number): Promise<{ tenant: TenantMap; threads: number }[]>
  /** In one question each for members and runs, however many threads there are. */
  countIn(threadIds: readonly string[]): Promise<(threadId: string) => ThreadCounts>
}
