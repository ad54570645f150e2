import type {
  AddMember,
  CreateThread,
  EventDraft,
  EventQuery,
  Invocation,
  ListedThread,
  MessageEdit,
  Page,
  ReadMark,
  ReadUpdated,
  Run,
  RunQuery,
  Thread,
  ThreadEvent,
  ThreadMember,
  ThreadPatch,
  Verdict,
} from '../protocol/index.js'
import { authenticate, type Caller } from './caller.js'
import { type Decide, decideToolCall } from './decisions/approvals.js'
import type { ThreadsDeps } from './deps.js'
import { deleteMessage, editMessage, getEvent } from './edits.js'
import { readEvents } from './history.js'
import { listThreads, type ThreadListing } from './list-threads.js'
import { addMember, listMembers, removeMember } from './members.js'
import { type SentMessage, sendMessage } from './messages.js'
import type { HandshakeData } from './options.js'
import { markRead } from './reads.js'
import { type Invoked, invoke } from './runs/invoke.js'
import { listRuns } from './runs/list.js'
import { cancelRun, getRun } from './runs/read-cancel.js'
import { createThread, deleteThread, getThread, updateThread } from './threads.js'
import { tellTyping } from './typing.js'

/** Reads a body once the caller has passed the gate: who may not know of a thread learns nothing from its faults. */
export type Late<T> = () => T | Promise<T>

/**
 * The operations without transport. Each takes who calls; the order of refusals is that of contract 1.3: bodies come as
 * functions, read after the gate.
 */
export type ThreadsService = {
  authenticate(data: HandshakeData): Promise<Caller>
  createThread(caller: Caller, wanted: CreateThread): Promise<Thread>
  listThreads(caller: Caller, listing: ThreadListing): Promise<Page<ListedThread>>
  getThread(caller: Caller, threadId: string): Promise<Thread>
  updateThread(caller: Caller, threadId: string, patch: Late<ThreadPatch>): Promise<Thread>
  deleteThread(caller: Caller, threadId: string): Promise<void>
  listMembers(caller: Caller, threadId: string): Promise<ThreadMember[]>
  addMember(
    caller: Caller,
    threadId: string,
    body: Late<AddMember>,
  ): Promise<{ member: ThreadMember; isNew: boolean }>
  removeMember(caller: Caller, threadId: string, identityId: string): Promise<void>
  sendMessage(caller: Caller, threadId: string, draft: Late<EventDraft>): Promise<SentMessage>
  getEvent(caller: Caller, threadId: string, eventId: string): Promise<ThreadEvent>
  /** Answers the event that says so. */
  editMessage(
    caller: Caller,
    threadId: string,
    eventId: string,
    body: Late<MessageEdit>,
  ): Promise<ThreadEvent>
  deleteMessage(caller: Caller, threadId: string, eventId: string): Promise<void>
  markRead(caller: Caller, threadId: string, body: Late<ReadMark>): Promise<ReadUpdated>
  tellTyping(caller: Caller, threadId: string): Promise<void>
  /** A page as JSON text. */
  readEvents(caller: Caller, threadId: string, query: () => EventQuery): Promise<string>
  invoke(caller: Caller, threadId: string, body: Late<Invocation>): Promise<Invoked>
  listRuns(caller: Caller, threadId: string, query: () => RunQuery): Promise<Page<Run>>
  /** Approves or rejects a call of a tool; answers the event that says so. */
  decideToolCall(
    caller: Caller,
    threadId: string,
    call: { callId: string; decide: Decide },
    body: Late<Verdict>,
  ): Promise<ThreadEvent>
  getRun(caller: Caller, runId: string): Promise<Run>
  cancelRun(caller: Caller, runId: string): Promise<{ run: Run; cancelled: boolean }>
}

export function createThreadsService(deps: ThreadsDeps): ThreadsService {
  return {
    authenticate: (data) => authenticate(deps.options, data),
    createThread: (caller, wanted) => createThread(deps, caller, wanted),
    listThreads: (caller, listing) => listThreads(deps, caller, listing),
    getThread: (caller, id) => getThread(deps, caller, id),
    updateThread: (caller, id, patch) => updateThread(deps, caller, id, patch),
    deleteThread: (caller, id) => deleteThread(deps, caller, id),
    listMembers: (caller, id) => listMembers(deps, caller, id),
    addMember: (caller, id, body) => addMember(deps, caller, id, body),
    removeMember: (caller, id, identityId) => removeMember(deps, caller, id, identityId),
    sendMessage: (caller, id, draft) => sendMessage(deps, caller, id, draft),
    getEvent: (caller, id, eventId) => getEvent(deps, caller, id, eventId),
    editMessage: (caller, id, eventId, body) => editMessage(deps, caller, id, eventId, body),
    deleteMessage: (caller, id, eventId) => deleteMessage(deps, caller, id, eventId),
    markRead: (caller, id, body) => markRead(deps, caller, id, body),
    tellTyping: (caller, id) => tellTyping(deps, caller, id),
    readEvents: (caller, id, query) => readEvents(deps, caller, id, query),
    invoke: (caller, id, body) => invoke(deps, caller, id, body),
    listRuns: (caller, id, query) => listRuns(deps, caller, id, query),
    decideToolCall: (caller, id, call, body) => decideToolCall(deps, caller, id, call, body),
    getRun: (caller, id) => getRun(deps, caller, id),
    cancelRun: (caller, id) => cancelRun(deps, caller, id),
  }
}
