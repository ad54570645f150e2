import type { Run, Thread, ThreadMember } from '@parley/threads/protocol'

/** What a room's page shows beside the conversation, and what can be done there. */
export type RoomView = {
  readonly thread: Thread
  readonly members: readonly ThreadMember[]
  readonly runs: readonly Run[]
  /** Ids of members with a connection. */
  readonly online: readonly string[]
  /** Whom the console acts as. */
  readonly selfId: string
  /** Absent for who is no member. Each rejects with a `Problem`. */
  readonly actions?: {
    removeMember(identityId: string): Promise<void>
    stopRun(runId: string): Promise<void>
    deleteRoom(): Promise<void>
  }
}
