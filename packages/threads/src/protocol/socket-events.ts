// Names of the socket's events, and what goes with each: types that Socket.IO's classes take as they are.
import type {
  CancelAnswer,
  DeleteAnswer,
  ErrorAck,
  InvokeAnswer,
  JoinAnswer,
  LeaveAnswer,
  SendAnswer,
} from './answers.js'
import type { EventDraft } from './draft.js'
import type { ThreadEvent, UnknownEvent } from './events.js'
import type {
  MembersUpdated,
  PresenceUpdated,
  ReadUpdated,
  StreamDelta,
  StreamEnd,
  StreamStart,
  ThreadDeleted,
  ThreadLeft,
  Typing,
} from './frames.js'
import type { EventCursor, Run, Thread } from './objects.js'
import type { ContentPart } from './parts.js'

/** Events from clients that are answered by an acknowledgement. */
export const clientEvents = {
  join: 'thread:join',
  leave: 'thread:leave',
  send: 'message:send',
  edit: 'message:edit',
  delete: 'message:delete',
  invoke: 'assistant:invoke',
  cancel: 'run:cancel',
  approve: 'tool:approve',
  reject: 'tool:reject',
  read: 'thread:read',
  typing: 'typing',
} as const

/** Events that a server pushes. */
export const serverEvents = {
  event: 'event',
  threadUpdated: 'thread:updated',
  membersUpdated: 'members:updated',
  runUpdated: 'run:updated',
  threadDeleted: 'thread:deleted',
  threadLeft: 'thread:left',
  streamStart: 'stream:start',
  streamDelta: 'stream:delta',
  streamEnd: 'stream:end',
  presenceUpdated: 'presence:updated',
  typing: 'typing',
  readUpdated: 'read:updated',
} as const

type OfThread = { thread_id: string }
type OfEvent = OfThread & { event_id: string }
type OfToolCall = OfThread & { call_id: string; reason?: string | null }

/** Takes the answer to a client's event, or why there is none. */
export type Acknowledge<Answer> = (answer: Answer | ErrorAck) => void

/** What an invocation carries over a socket. */
export type InvokePayload = OfThread & {
  assistant_ids: string[]
  idempotency_key?: string | null
  if_active?: 'return' | 'queue' | 'refuse'
}

/** From clients to a server. A server takes the payloads as unknown and reads them with the parsers. */
export type ClientToServerEvents = {
  'thread:join': (payload: OfThread & { since?: EventCursor }, ack: Acknowledge<JoinAnswer>) => void
  'thread:leave': (payload: OfThread, ack: Acknowledge<LeaveAnswer>) => void
  'message:send': (payload: OfThread & { draft: EventDraft }, ack: Acknowledge<SendAnswer>) => void
  'message:edit': (payload: OfEvent & { content: ContentPart[] }, ack: Acknowledge<SendAnswer>) => void
  'message:delete': (payload: OfEvent, ack: Acknowledge<DeleteAnswer>) => void
  'assistant:invoke': (payload: InvokePayload, ack: Acknowledge<InvokeAnswer>) => void
  'run:cancel': (payload: { run_id: string }, ack: Acknowledge<CancelAnswer>) => void
  'tool:approve': (payload: OfToolCall, ack: Acknowledge<SendAnswer>) => void
  'tool:reject': (payload: OfToolCall, ack: Acknowledge<SendAnswer>) => void
  'thread:read': (payload: OfThread & { seq: number }, ack: Acknowledge<ReadUpdated>) => void
  /** Send it again while the user types, at most every 3 s. */
  typing: (payload: OfThread, ack: Acknowledge<OfThread>) => void
}

/** From a server to the clients in a thread. */
export type ServerToClientEvents = {
  event: (event: ThreadEvent | UnknownEvent) => void
  'thread:updated': (thread: Thread) => void
  'members:updated': (payload: MembersUpdated) => void
  'run:updated': (run: Run) => void
  'thread:deleted': (payload: ThreadDeleted) => void
  'thread:left': (payload: ThreadLeft) => void
  'stream:start': (payload: StreamStart) => void
  'stream:delta': (payload: StreamDelta) => void
  'stream:end': (payload: StreamEnd) => void
  'presence:updated': (payload: PresenceUpdated) => void
  typing: (payload: Typing) => void
  'read:updated': (payload: ReadUpdated) => void
}
