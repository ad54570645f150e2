// What hosts answer, and what of it we pass on.

import { isJsonObject } from '@parley/kernel/wire'
import type { HostResponse } from '../protocol/index.js'

/** What an answer says in words: its `error`, else its body as text. */
export function textOf({ body }: HostResponse): string {
  if (typeof body === 'string') return body
  if (isJsonObject(body) && typeof body.error === 'string') return body.error
  return body === undefined ? '' : JSON.stringify(body)
}

export const isSuccess = ({ status }: HostResponse): boolean => status >= 200 && status < 300

// Those of the contract, and those that we ourselves answer for a host that is away, late or busy.
const kept = new Set([400, 403, 404, 409, 500, 429, 503, 504])

/** The status of a failed answer about files and git: section 2.5. */
export function toPassedOn(answer: HostResponse): HostResponse {
  if (isSuccess(answer)) return answer
  const status = kept.has(answer.status) ? answer.status : /not found/i.test(textOf(answer)) ? 404 : 500
  const body = isJsonObject(answer.body) ? answer.body : { error: textOf(answer) || `HTTP ${answer.status}` }
  return { ...answer, status, body }
}

/** An answer of the queue: the host's status, and JSON whatever it sent (section 2.7). */
export function toQueueAnswer(answer: HostResponse): HostResponse {
  if (isJsonObject(answer.body)) return answer
  return { ...answer, body: { error: 'Invalid response from session-host' } }
}
