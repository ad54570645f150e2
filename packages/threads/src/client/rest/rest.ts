// The routes of the contract as functions.
import {
  InvokeAnswer,
  ListedThread,
  pageOf,
  Run,
  Thread,
  type ThreadCursor,
  ThreadMember,
} from '../../protocol/index.js'
import { readAnswer } from '../failures.js'
import { readEvent, readEventPage, readMessage } from '../received.js'
import { ThreadsClientError } from '../threads-client-error.js'
import type { ThreadsClient } from '../types.js'
import type { Http } from './http.js'

/** The part of the client that needs no connection. */
export type Rest = Omit<ThreadsClient, 'openThread' | 'connection' | 'onConnection' | 'close'>

const threadPage = pageOf(ListedThread)
const runPage = pageOf(Run)

export function createRest(http: Http): Rest {
  return {
    listThreads: async ({ limit, cursor, member, unread } = {}) => {
      const query = { limit, member, ...(unread && { unread: 'true' }), ...cursorQuery(cursor) }
      return readAnswer(threadPage, await http({ method: 'GET', path: '/threads', query }))
    },
    createThread: async (thread = {}) =>
      readAnswer(Thread, await http({ method: 'POST', path: '/threads', body: thread })),
    getThread: async (id) => readAnswer(Thread, await http({ method: 'GET', path: pathOf(id) })),
    updateThread: async (id, patch) =>
      readAnswer(Thread, await http({ method: 'PATCH', path: pathOf(id), body: patch })),
    deleteThread: async (id) => void (await http({ method: 'DELETE', path: pathOf(id) })),

    listEvents: async (threadId, { limit, cursor, order, types, afterSeq } = {}) => {
      const query = { limit, order, types: types?.join(','), after_seq: afterSeq, ...cursorQuery(cursor) }
      return readEventPage(await http({ method: 'GET', path: `${pathOf(threadId)}/events`, query }))
    },
    sendMessage: async (threadId, draft) =>
      readMessage(await http({ method: 'POST', path: `${pathOf(threadId)}/messages`, body: draft })),
    editMessage: async (threadId, eventId, content) => {
      const event = await http({ method: 'PATCH', path: eventPath(threadId, eventId), body: { content } })
      return readEvent(event) as Awaited<ReturnType<ThreadsClient['editMessage']>>
    },
    deleteMessage: async (threadId, eventId) =>
      void (await http({ method: 'DELETE', path: eventPath(threadId, eventId) })),
    markRead: async (threadId, seq) =>
      void (await http({ method: 'POST', path: `${pathOf(threadId)}/read`, body: { seq } })),

    ...memberCalls(http),
    ...runCalls(http),
  }
}

function memberCalls(http: Http): Pick<Rest, 'listMembers' | 'addMember' | 'removeMember'> {
  const membersOf = (threadId: string) => `${pathOf(threadId)}/members`
  return {
    listMembers: async (threadId) => {
      const members = await http({ method: 'GET', path: membersOf(threadId) })
      if (Array.isArray(members)) return members.map((member) => readAnswer(ThreadMember, member))
      throw new ThreadsClientError('invalid_response', 'the server did not answer with a list')
    },
    addMember: async (threadId, identity, role) => {
      const body = { identity, ...(role !== undefined && { role }) }
      return readAnswer(ThreadMember, await http({ method: 'POST', path: membersOf(threadId), body }))
    },
    removeMember: async (threadId, identityId) => {
      const path = `${membersOf(threadId)}/${encodeURIComponent(identityId)}`
      await http({ method: 'DELETE', path })
    },
  }
}

type RunCalls = Pick<
  Rest,
  'approveToolCall' | 'rejectToolCall' | 'invoke' | 'listRuns' | 'getRun' | 'cancelRun'
>

function runCalls(http: Http): RunCalls {
  const decide =
    (verb: 'approve' | 'reject') => async (threadId: string, callId: string, reason?: string) => {
      const path = `${pathOf(threadId)}/tool-calls/${encodeURIComponent(callId)}/${verb}`
      await http({ method: 'POST', path, body: reason === undefined ? {} : { reason } })
    }
  const runPath = (runId: string) => `/runs/${encodeURIComponent(runId)}`
  return {
    approveToolCall: decide('approve'),
    rejectToolCall: decide('reject'),
    invoke: async (threadId, assistantIds, { idempotencyKey, ifActive } = {}) => {
      const body = {
        assistant_ids: assistantIds,
        ...(idempotencyKey !== undefined && { idempotency_key: idempotencyKey }),
        ...(ifActive !== undefined && { if_active: ifActive }),
      }
      return readAnswer(
        InvokeAnswer,
        await http({ method: 'POST', path: `${pathOf(threadId)}/invocations`, body }),
      )
    },
    listRuns: async (threadId, { active, limit } = {}) => {
      const query = { limit, ...(active && { active: 'true' }) }
      return readAnswer(runPage, await http({ method: 'GET', path: `${pathOf(threadId)}/runs`, query })).items
    },
    getRun: async (runId) => readAnswer(Run, await http({ method: 'GET', path: runPath(runId) })),
    cancelRun: async (runId) => void (await http({ method: 'DELETE', path: runPath(runId) })),
  }
}

const pathOf = (threadId: string): string => `/threads/${encodeURIComponent(threadId)}`

const eventPath = (threadId: string, eventId: string): string =>
  `${pathOf(threadId)}/events/${encodeURIComponent(eventId)}`

function cursorQuery(cursor: ThreadCursor | undefined) {
  return cursor && { cursor_created_at: cursor.created_at, cursor_id: cursor.id }
}
