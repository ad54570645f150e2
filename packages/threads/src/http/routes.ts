import { answer, jsonResponse, readJsonObject } from '@parley/kernel/http'
import {
  parseAddMember,
  parseCreateThread,
  parseEventDraft,
  parseEventQuery,
  parseInvocation,
  parseMessageEdit,
  parseReadMark,
  parseRunQuery,
  parseThreadPatch,
  parseThreadQuery,
  parseVerdict,
} from '../protocol/index.js'
import type { Caller } from '../service/caller.js'
import type { ResolvedOptions } from '../service/options.js'
import type { ThreadsService } from '../service/service.js'

/** What a route gets: who calls, the parts of the path, and the request for its body and query. */
export type Call = {
  caller: Caller
  /** The thread or run in the path; empty where there is none. */
  id: string
  /** The member in the path, decoded. */
  memberId: string
  /** The event in the path; empty where there is none. */
  eventId: string
  /** The call of a tool in the path, decoded; empty where there is none. */
  callId: string
  request: Request
  query: URLSearchParams
}

/** One route of the contract, as data. `path` is relative to the prefix. */
export type Route = {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  path: string
  summary: string
  run(call: Call): Promise<Response>
}

/** The routes of contract 3.3. */
export function threadsRoutes(service: ThreadsService, { limits, urlSchemes }: ResolvedOptions): Route[] {
  const read = ({ request }: Call, isRequired: boolean) =>
    readJsonObject(request, { maxBytes: limits.bodyBytes, isRequired })
  const body = (call: Call) => read(call, true)
  const nothing = () => answer(204, null)
  const decide = (verdict: 'approve' | 'reject', summary: string): Route => ({
    method: 'POST',
    path: `/threads/:id/tool-calls/:call/${verdict}`,
    summary,
    run: async (call) => {
      const { caller, id, callId } = call
      // Nothing in it need be said.
      const reason = async () => parseVerdict(await read(call, false))
      return jsonResponse(200, await service.decideToolCall(caller, id, { callId, decide: verdict }, reason))
    },
  })

  return [
    {
      method: 'POST',
      path: '/threads',
      summary: 'Create a thread',
      run: async (call) =>
        jsonResponse(201, await service.createThread(call.caller, parseCreateThread(await body(call)))),
    },
    {
      method: 'GET',
      path: '/threads',
      summary: 'List the threads you see, newest first',
      run: async ({ caller, query }) =>
        jsonResponse(200, await service.listThreads(caller, parseThreadQuery(query))),
    },
    {
      method: 'GET',
      path: '/threads/:id',
      summary: 'Read a thread',
      run: async ({ caller, id }) => jsonResponse(200, await service.getThread(caller, id)),
    },
    {
      method: 'PATCH',
      path: '/threads/:id',
      summary: 'Replace tenant or metadata',
      run: async (call) => {
        const patch = async () => parseThreadPatch(await body(call))
        return jsonResponse(200, await service.updateThread(call.caller, call.id, patch))
      },
    },
    {
      method: 'DELETE',
      path: '/threads/:id',
      summary: 'Delete a thread',
      run: async ({ caller, id }) => {
        await service.deleteThread(caller, id)
        return nothing()
      },
    },
    {
      method: 'GET',
      path: '/threads/:id/events',
      summary: 'Read events',
      run: async ({ caller, id, query }) =>
        jsonResponse(200, await service.readEvents(caller, id, () => parseEventQuery(query))),
    },
    {
      method: 'POST',
      path: '/threads/:id/messages',
      summary: 'Send a message',
      run: async (call) => {
        const draft = async () => parseEventDraft(await body(call), { urlSchemes })
        const { event, isNew } = await service.sendMessage(call.caller, call.id, draft)
        return jsonResponse(isNew ? 201 : 200, event)
      },
    },
    {
      method: 'GET',
      path: '/threads/:id/events/:event',
      summary: 'Read one event',
      run: async ({ caller, id, eventId }) => jsonResponse(200, await service.getEvent(caller, id, eventId)),
    },
    {
      method: 'PATCH',
      path: '/threads/:id/events/:event',
      summary: 'Edit a message of your own',
      run: async (call) => {
        const edit = async () => parseMessageEdit(await body(call), { urlSchemes })
        return jsonResponse(200, await service.editMessage(call.caller, call.id, call.eventId, edit))
      },
    },
    {
      method: 'DELETE',
      path: '/threads/:id/events/:event',
      summary: 'Delete a message of your own',
      run: async ({ caller, id, eventId }) => {
        await service.deleteMessage(caller, id, eventId)
        return nothing()
      },
    },
    {
      method: 'POST',
      path: '/threads/:id/read',
      summary: 'Mark as read',
      run: async (call) => {
        const mark = async () => parseReadMark(await body(call))
        return jsonResponse(200, await service.markRead(call.caller, call.id, mark))
      },
    },
    {
      method: 'GET',
      path: '/threads/:id/members',
      summary: 'List members',
      run: async ({ caller, id }) => jsonResponse(200, await service.listMembers(caller, id)),
    },
    {
      method: 'POST',
      path: '/threads/:id/members',
      summary: 'Add a member',
      run: async (call) => {
        const added = async () => parseAddMember(await body(call))
        const { member, isNew } = await service.addMember(call.caller, call.id, added)
        return jsonResponse(isNew ? 201 : 200, member)
      },
    },
    {
      method: 'DELETE',
      path: '/threads/:id/members/:member',
      summary: 'Remove a member',
      run: async ({ caller, id, memberId }) => {
        await service.removeMember(caller, id, memberId)
        return nothing()
      },
    },
    {
      method: 'POST',
      path: '/threads/:id/invocations',
      summary: 'Start assistants',
      run: async (call) => {
        const wanted = async () => parseInvocation(await body(call))
        const invoked = await service.invoke(call.caller, call.id, wanted)
        const hasNew = invoked.reused.length < invoked.runs.length
        return jsonResponse(hasNew ? 201 : 200, invoked)
      },
    },
    {
      method: 'GET',
      path: '/threads/:id/runs',
      summary: 'List runs, newest first',
      run: async ({ caller, id, query }) =>
        jsonResponse(200, await service.listRuns(caller, id, () => parseRunQuery(query))),
    },
    decide('approve', 'Let a tool run that needs it'),
    decide('reject', 'Do not let a tool run'),
    {
      method: 'GET',
      path: '/runs/:id',
      summary: 'Read a run',
      run: async ({ caller, id }) => jsonResponse(200, await service.getRun(caller, id)),
    },
    {
      method: 'DELETE',
      path: '/runs/:id',
      summary: 'Cancel a run',
      run: async ({ caller, id }) => {
        await service.cancelRun(caller, id)
        return nothing()
      },
    },
  ]
}
