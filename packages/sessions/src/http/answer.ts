import type { AnswerHeaders } from '@parley/kernel/http'
import type { HostResponse } from '../protocol/index.js'

/** What a route answers: JSON, text, or a whole response (for streams). */
export type Answer =
  | { status: number; body: unknown; headers?: AnswerHeaders }
  | { status: number; text: string }
  | Response

export const ok = (body: unknown, status = 200): Answer => ({ status, body })
export const done: Answer = { status: 200, body: { ok: true } }

const passed: ReadonlySet<number> = new Set([400, 403, 404, 409, 413, 429, 500, 503, 504])

/** A host's answer. Statuses that are not of the contract become 404 or 500 (section 2.5). */
export function fromHost({ status, body, headers }: HostResponse): Answer {
  const retryAfter = headers?.['retry-after']
  const extra = retryAfter === undefined ? {} : { headers: { 'retry-after': retryAfter } }
  return { status: statusOf(status, body), body: isObject(body) ? body : invalid, ...extra }
}

/** The same for the routes of the queue, which answer with the host's own status (section 2.7). */
export function fromQueue(response: HostResponse): Answer {
  const answer = fromHost(response)
  return answer instanceof Response
    ? answer
    : { ...answer, status: response.status === 202 ? 200 : response.status }
}

const invalid = { error: 'Invalid response from session-host' }

const isObject = (body: unknown): boolean => typeof body === 'object' && body !== null

function statusOf(status: number, body: unknown): number {
  if ((status >= 200 && status < 300) || passed.has(status)) return status
  return /not found/i.test(JSON.stringify(body) ?? '') ? 404 : 500
}
