import type { Identity, Run, Thread, ThreadEvent, ThreadLeft } from '../protocol/index.js'

/** Where a word goes: the Socket.IO namespace of the thread, `/` without `namespaceKeys`. */
export type BroadcastTarget = { namespace: string }

/**
 * Whoever pushes to sockets that are not the plane's own (contract 8). Called on the node where the change was made, after
 * its commit: for each thread in the order of the log, the event first, then what it changed. Not waited for; what it throws
 * or rejects with is told to `onFault` and touches nothing.
 */
export type Broadcaster = {
  broadcastEvent(event: ThreadEvent, target: BroadcastTarget): Promise<void> | void
  broadcastThreadUpdated(thread: Thread, target: BroadcastTarget): Promise<void> | void
  /** Who is in the thread now. */
  broadcastMembersUpdated(
    threadId: string,
    members: Identity[],
    target: BroadcastTarget,
  ): Promise<void> | void
  /** On every change of its status, `pending` included. */
  broadcastRunUpdated(run: Run, target: BroadcastTarget): Promise<void> | void
  broadcastThreadDeleted(threadId: string, target: BroadcastTarget): Promise<void> | void
  /** An identity gets nothing more of a thread. */
  evict(
    threadId: string,
    identityId: string,
    reason: ThreadLeft['reason'],
    target: BroadcastTarget,
  ): Promise<void> | void
}
