import { type AnswerHeaders, answer, jsonResponse, readBody } from '@parley/kernel/http'
import { handshakeErrors } from '../errors.js'
import { parseBody } from '../protocol/index.js'
import type { Caller } from '../service/caller.js'
import type { ResolvedOptions } from '../service/options.js'
import type { HandshakeService } from '../service/service.js'

/** What a route gets: who calls, the id in the path, and the request for its body and query. */
export type Call = {
  caller: Caller
  id: string
  request: Request
  query: URLSearchParams
  baseUrl: string
  headers: AnswerHeaders
}

/** One route of the contract, as data. `path` is relative to the prefix. */
export type Route = {
  method: 'GET' | 'POST' | 'DELETE'
  path: string
  summary: string
  /** Who may call: shown on the API page. */
  credential: 'none' | 'token' | 'browser key' | 'token or browser key'
  run(call: Call): Promise<Response>
}

/** The routes of contract 3.1 to 3.7. */
export function handshakeRoutes(service: HandshakeService, options: ResolvedOptions): Route[] {
  const body = async ({ request }: Call) =>
    parseBody(toText(await readBody(request, options.limits.bodyBytes)))
  const json = (call: Call, payload: object | string, extra?: AnswerHeaders) =>
    jsonResponse(200, payload, extra ? { ...call.headers, ...extra } : call.headers)

  return [
    {
      method: 'POST',
      path: '/session',
      summary: 'Create a handshake',
      credential: 'none',
      run: async (call) => {
        const principal = await options.authenticate?.(call.request, call.caller.remote)
        const { info } = await service.open({ ...call.caller, principal }, await body(call))
        return json(call, info)
      },
    },
    {
      method: 'GET',
      path: '/context/:id',
      summary: 'Read the state',
      credential: 'token',
      run: async (call) => {
        const { text, head } = await service.readContext(call.caller, call.id)
        return json(call, text, { 'x-handshake-seq': String(head) })
      },
    },
    {
      method: 'POST',
      path: '/action/:id',
      summary: 'Write values',
      credential: 'token',
      run: async (call) => json(call, await service.applyActions(call.caller, call.id, await body(call))),
    },
    {
      method: 'GET',
      path: '/diff/:id',
      summary: 'Read what changed',
      credential: 'token',
      run: async (call) => {
        const since = call.query.get('since') ?? ''
        const sinceSeq = call.query.get('sinceSeq') ?? undefined
        return json(call, await service.readChanges(call.caller, call.id, { since, sinceSeq }))
      },
    },
    {
      method: 'POST',
      path: '/notify/:id/:key',
      summary: 'Report a user edit',
      credential: 'browser key',
      run: async (call) => json(call, await service.recordEdit(call.caller, call.id, await body(call))),
    },
    {
      method: 'POST',
      path: '/notify/:id',
      summary: 'Report a user edit; refused unless the application approves',
      credential: 'browser key',
      run: async (call) => json(call, await service.recordEdit(call.caller, call.id, await body(call))),
    },
    {
      method: 'POST',
      path: '/session/:id/extend',
      summary: 'Ask for more time',
      credential: 'token',
      run: async (call) => json(call, await service.extend(call.caller, call.id, await body(call))),
    },
    {
      method: 'POST',
      path: '/session/:id/claim',
      summary: 'Trade the prompt token for an agent-only one, once',
      credential: 'token',
      run: async (call) => json(call, await claim(service, call, await body(call))),
    },
    {
      method: 'DELETE',
      path: '/session/:id',
      summary: 'Revoke the handshake',
      credential: 'token or browser key',
      run: async (call) => json(call, await service.revoke(call.caller, call.id)),
    },
    {
      method: 'GET',
      path: '/audit/:id',
      summary: 'Read the audit trail',
      credential: 'browser key',
      run: async (call) => json(call, await service.readAudit(call.caller, call.id)),
    },
    {
      method: 'GET',
      path: '/prompt/:id',
      summary: 'Read the prompt as the server writes it',
      credential: 'browser key',
      run: async (call) => {
        const language = call.query.get('lang') === 'zh' ? 'zh' : 'en'
        const prompt = await service.readPrompt(call.caller, call.id, { baseUrl: call.baseUrl, language })
        return answer(200, prompt, { ...call.headers, 'content-type': 'text/plain; charset=utf-8' })
      },
    },
  ]
}

// Claiming reads no token from the query, but one from the body (contract 15.3).
function claim(service: HandshakeService, call: Call, body: Record<string, unknown>) {
  const header = call.request.headers.get('x-handshake-token')
  const code = typeof body.code === 'string' ? body.code : undefined
  return service.claim({ ...call.caller, token: header || code }, call.id, body)
}

function toText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw handshakeErrors.malformedJson({ cause })
  }
}
