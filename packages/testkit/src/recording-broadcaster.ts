type Target = { readonly namespace: string }
type Told<What> = What & { namespace: string }

/** What a `recordingBroadcaster` was told, in the order it was told. */
export type RecordingBroadcaster<Event, Thread, Member, Run> = {
  readonly events: Told<{ event: Event }>[]
  readonly threadsUpdated: Told<{ thread: Thread }>[]
  readonly membersUpdated: Told<{ threadId: string; members: Member[] }>[]
  readonly runsUpdated: Told<{ run: Run }>[]
  readonly threadsDeleted: Told<{ threadId: string }>[]
  readonly evicted: Told<{ threadId: string; identityId: string; reason: string }>[]
  broadcastEvent(event: Event, target: Target): void
  broadcastThreadUpdated(thread: Thread, target: Target): void
  broadcastMembersUpdated(threadId: string, members: Member[], target: Target): void
  broadcastRunUpdated(run: Run, target: Target): void
  broadcastThreadDeleted(threadId: string, target: Target): void
  evict(threadId: string, identityId: string, reason: string, target: Target): void
}

type WithId = { readonly id: string }

/**
 * A broadcaster for `createThreads({ broadcaster })` that keeps what it was given, each with its namespace. Its type is
 * structural, because this package knows no plane; name the plane's types to read more of what it kept.
 */
export function recordingBroadcaster<
  Event extends WithId = WithId & { readonly type: string },
  Thread extends WithId = WithId,
  Member extends WithId = WithId,
  Run extends WithId = WithId & { readonly status: string },
>(): RecordingBroadcaster<Event, Thread, Member, Run> {
  const kept: Pick<
    RecordingBroadcaster<Event, Thread, Member, Run>,
    'events' | 'threadsUpdated' | 'membersUpdated' | 'runsUpdated' | 'threadsDeleted' | 'evicted'
  > = {
    events: [],
    threadsUpdated: [],
    membersUpdated: [],
    runsUpdated: [],
    threadsDeleted: [],
    evicted: [],
  }
  return {
    ...kept,
    broadcastEvent: (event, { namespace }) => void kept.events.push({ event, namespace }),
    broadcastThreadUpdated: (thread, { namespace }) => void kept.threadsUpdated.push({ thread, namespace }),
    broadcastMembersUpdated: (threadId, members, { namespace }) =>
      void kept.membersUpdated.push({ threadId, members, namespace }),
    broadcastRunUpdated: (run, { namespace }) => void kept.runsUpdated.push({ run, namespace }),
    broadcastThreadDeleted: (threadId, { namespace }) =>
      void kept.threadsDeleted.push({ threadId, namespace }),
    evict: (threadId, identityId, reason, { namespace }) =>
      void kept.evicted.push({ threadId, identityId, reason, namespace }),
  }
}
