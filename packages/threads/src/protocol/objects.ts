// What the answers are made of, as a server sends it: members that this version does not know are kept.
import * as z from 'zod/mini'
import { RunError } from './events.js'
import { ReceivedIdentity } from './identity.js'
import { jsonObject, keeping, orElse, orNull, whole } from './shapes.js'
import { TenantScope } from './tenant.js'

const metadata = orElse(jsonObject, () => ({}))

const threadMembers = {
  id: z.string(),
  tenant: TenantScope,
  metadata,
  created_at: z.string(),
  updated_at: z.string(),
}

/** An ordered log of events with explicit members. Times are ISO-8601. */
export const Thread = keeping(threadMembers)
export type Thread = z.infer<typeof Thread>

/** A thread in a list that was asked for `unread`: messages of others after the caller's mark, to 100; null for no member. */
export const ListedThread = keeping({ ...threadMembers, unread: z.optional(z.nullable(whole)) })
export type ListedThread = z.infer<typeof ListedThread>

/** A change of a thread: each given member replaces the old value whole; null means not given. */
export type ThreadPatch = { tenant?: TenantScope | null; metadata?: Record<string, unknown> | null }

/** Somebody in a thread. */
export const ThreadMember = keeping({
  thread_id: z.string(),
  identity_id: z.string(),
  /** As it was when it was added. */
  identity: ReceivedIdentity,
  /** `member` unless the application has others. */
  role: z.string(),
  added_at: z.string(),
  added_by: ReceivedIdentity,
  /** Number of the event up to which they have read; 0 at first. */
  read_seq: orElse(whole, () => 0),
})
export type ThreadMember = z.infer<typeof ThreadMember>

/** How far a run is. The last three are final. */
export const RunStatus = z.enum(['pending', 'running', 'completed', 'failed', 'cancelled'])
export type RunStatus = z.infer<typeof RunStatus>

/** One execution of an assistant in a thread. */
export const Run = keeping({
  id: z.string(),
  thread_id: z.string(),
  /** Its role is `assistant`. */
  assistant: ReceivedIdentity,
  triggered_by: ReceivedIdentity,
  status: RunStatus,
  /** When it was created, also while it is pending. */
  started_at: z.string(),
  /** When its handler began. */
  running_at: orNull(z.string()),
  completed_at: orNull(z.string()),
  error: orNull(RunError),
  idempotency_key: orNull(z.string()),
  metadata,
})
export type Run = z.infer<typeof Run>

/** A place in a list that is ordered by time, then by id. */
export const ThreadCursor = keeping({ created_at: z.string(), id: z.string() })
export type ThreadCursor = z.infer<typeof ThreadCursor>

/** A place in a thread's log: after the event with this number, or after this time and id. */
export type EventCursor = ThreadCursor | { seq: number }

/** A part of a list. `next_cursor` is null exactly when nothing follows. */
export type Page<T> = { items: T[]; next_cursor: ThreadCursor | null }

/** The schema of a page. */
export function pageOf<T>(item: z.ZodMiniType<T>) {
  return keeping({ items: z.array(item), next_cursor: orNull(ThreadCursor) })
}

/** One thing that a handler counted, beside the log. */
export type AnalyticsEvent = {
  name: string
  properties: Record<string, unknown>
  thread_id: string
  run_id: string
  assistant_id: string
  /** ISO-8601. */
  timestamp: string
}
