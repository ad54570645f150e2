// What the client offers; `createThreadsClient` makes it. Nothing here needs Node.
import type {
  ContentPart,
  CreateThread,
  EventDraft,
  Identity,
  InvokeAnswer,
  ListedThread,
  MessageEvent,
  Page,
  ReasoningEvent,
  Run,
  Thread,
  ThreadCursor,
  ThreadEvent,
  ThreadMember,
  ThreadPatch,
  ToolCallEvent,
  ToolResultEvent,
  UnknownEvent,
} from '../protocol/index.js'
import type { ThreadsClientError } from './threads-client-error.js'

export type AnyThreadEvent = ThreadEvent | UnknownEvent

/** Asked for every request and every connection, so that a short-lived token can be renewed. */
export type TokenSource = string | (() => string | undefined | Promise<string | undefined>)

export type ThreadsClientOptions = {
  /** Origin of the server, for example `https://rooms.example`. Default: the page's own. */
  url?: string
  /** Where the routes live; default `/acp`. */
  prefix?: string
  /** Where Socket.IO lives; default `/socket.io`. */
  socketPath?: string
  /** Sent as `Authorization: Bearer …` and as `auth.token` of the socket. Default: none, a cookie may do. */
  token?: TokenSource
  /** With `namespaceKeys` on the server: `deriveNamespacePath(tenant, { namespaceKeys })`. Default `/`. */
  namespace?: string
  /** Default `['websocket', 'polling']`. */
  transports?: readonly ('websocket' | 'polling')[]
  /** Default: the global one. */
  fetch?: typeof fetch
}

export type { ListedThread } from '../protocol/index.js'

export type ListThreadsQuery = { limit?: number; cursor?: ThreadCursor; member?: 'me'; unread?: boolean }

export type ListEventsQuery = {
  limit?: number
  cursor?: ThreadCursor
  order?: 'asc' | 'desc'
  types?: readonly string[]
  afterSeq?: number
}

export type InvokeOptions = { idempotencyKey?: string; ifActive?: 'return' | 'queue' | 'refuse' }

/** Where the one connection of a client is. `refused`: the server said no, and it is not tried again. */
export type ConnectionState = 'idle' | 'connecting' | 'connected' | 'reconnecting' | 'refused'

/** Everything rejects with a `ThreadsClientError`. */
export type ThreadsClient = {
  listThreads(query?: ListThreadsQuery): Promise<Page<ListedThread>>
  createThread(thread?: CreateThread): Promise<Thread>
  getThread(id: string): Promise<Thread>
  updateThread(id: string, patch: ThreadPatch): Promise<Thread>
  deleteThread(id: string): Promise<void>
  listEvents(threadId: string, query?: ListEventsQuery): Promise<Page<AnyThreadEvent>>
  listMembers(threadId: string): Promise<ThreadMember[]>
  addMember(threadId: string, identity: Identity, role?: string): Promise<ThreadMember>
  removeMember(threadId: string, identityId: string): Promise<void>
  /** With a `client_id` it is safe to send again. */
  sendMessage(threadId: string, draft: EventDraft): Promise<MessageEvent>
  editMessage(threadId: string, eventId: string, content: readonly ContentPart[]): Promise<ThreadEvent>
  deleteMessage(threadId: string, eventId: string): Promise<void>
  markRead(threadId: string, seq: number): Promise<void>
  approveToolCall(threadId: string, callId: string, reason?: string): Promise<void>
  rejectToolCall(threadId: string, callId: string, reason?: string): Promise<void>
  invoke(threadId: string, assistantIds: readonly string[], options?: InvokeOptions): Promise<InvokeAnswer>
  listRuns(threadId: string, query?: { active?: boolean; limit?: number }): Promise<Run[]>
  getRun(runId: string): Promise<Run>
  cancelRun(runId: string): Promise<void>

  /** Follows a thread. Followers of the same thread share one; each closes its own. */
  openThread(threadId: string): LiveThread
  connection(): ConnectionState
  /** Called after every change of the connection. Answers how to stop. */
  onConnection(listener: () => void): () => void
  /** Closes the connection and every live thread. */
  close(): void
}

export type SendOptions = {
  recipients?: readonly string[]
  metadata?: Record<string, unknown>
  /** Default: made up. */
  clientId?: string
}

/** One thread, kept up to date by itself: joined, resumed after a lost connection, without repeats, in order. */
export type LiveThread = {
  readonly id: string
  /** The same object until something changes, so that it fits `useSyncExternalStore`. */
  snapshot(): ThreadSnapshot
  /** Called after every change. Answers how to stop. */
  subscribe(listener: () => void): () => void
  /** Shows the message at once and sends it. One that failed stays, to be sent again or discarded. */
  send(content: string | readonly ContentPart[], options?: SendOptions): Promise<MessageEvent>
  /** Sends a message that failed once more; harmless when it had arrived. */
  retry(clientId: string): Promise<MessageEvent>
  discard(clientId: string): void
  /** Answers a form of a message with a new one. */
  answerForm(item: MessageItem, formId: string, values: Record<string, unknown>): Promise<MessageEvent>
  edit(eventId: string, content: readonly ContentPart[]): Promise<void>
  remove(eventId: string): Promise<void>
  approve(callId: string, reason?: string): Promise<void>
  reject(callId: string, reason?: string): Promise<void>
  invoke(assistantIds: readonly string[], options?: InvokeOptions): Promise<InvokeAnswer>
  cancelRun(runId: string): Promise<void>
  /** Reads the events before the oldest that is here. */
  loadOlder(): Promise<void>
  /** Marks as read up to `seq`; default: the newest event. Never goes back. */
  markRead(seq?: number): Promise<void>
  /** Says that the user types; call it on every key, it is sent at most every 3 s. */
  typing(): void
  close(): void
}

/** `gone`: deleted, or not the caller's any more. `refused`: it could not be joined; `error` says why. */
export type LiveStatus = 'loading' | 'live' | 'reconnecting' | 'gone' | 'refused'

export type ThreadSnapshot = {
  readonly status: LiveStatus
  readonly error?: ThreadsClientError
  readonly thread?: Thread
  readonly members: readonly ThreadMember[]
  /** Newest first: active ones, and those that ended while this was open. */
  readonly runs: readonly Run[]
  /** What is there of the log, by `seq`, as it was sent. */
  readonly events: readonly AnyThreadEvent[]
  /** The same as people read it: edits applied, calls with their results, pending and streaming text at the end. */
  readonly timeline: readonly TimelineItem[]
  /** More lies before the oldest event here. */
  readonly hasOlder: boolean
  /** Ids of members with a connection; empty where the server does not tell. */
  readonly online: readonly string[]
  /** Ids of others who type now. */
  readonly typing: readonly string[]
  /** How far each member has read, by identity id. */
  readonly reads: Readonly<Record<string, number>>
}

/** `key` stays the same while a pending or streaming item becomes a stored one. */
type Keyed = { readonly key: string }

export type MessageItem = Keyed & {
  readonly kind: 'message'
  readonly event: MessageEvent
  /** The newest content; empty when deleted. */
  readonly content: readonly ContentPart[]
  readonly isEdited: boolean
  readonly isDeleted: boolean
  /** Answers to its forms, by `form_id`. */
  readonly answers: Readonly<Record<string, MessageEvent>>
  /** Its forms that nobody answered in time, by `form_id`. */
  readonly expiredForms?: readonly string[]
}

/** Sent by this client and not answered yet, or failed. */
export type PendingItem = Keyed & {
  readonly kind: 'pending'
  readonly clientId: string
  readonly content: readonly ContentPart[]
  readonly recipients: readonly string[] | null
  readonly error?: ThreadsClientError
}

export type ReasoningItem = Keyed & { readonly kind: 'reasoning'; readonly event: ReasoningEvent }

/** An assistant is writing this. */
export type StreamingItem = Keyed & {
  readonly kind: 'streaming'
  readonly runId: string
  readonly author: Identity
  readonly target: 'message' | 'reasoning'
  readonly text: string
}

/** A call of a tool. `approval` is absent when nobody has to agree. */
export type ToolItem = Keyed & {
  readonly kind: 'tool'
  readonly call: ToolCallEvent
  readonly result?: ToolResultEvent
  readonly approval?: 'required' | 'approved' | 'rejected' | 'withdrawn'
  /** Who approved or rejected. */
  readonly decidedBy?: Identity
  readonly reason?: string
}

/** Everything else that happened: members, runs, unknown types. */
export type NoticeItem = Keyed & { readonly kind: 'notice'; readonly event: AnyThreadEvent }

export type TimelineItem = MessageItem | PendingItem | ReasoningItem | StreamingItem | ToolItem | NoticeItem
