// Hands a prompt to the host of a session, and reads what it says to it.

import { isParleyError, type ParleyError } from '@parley/kernel/errors'
import { isJsonObject } from '@parley/kernel/wire'
import { sessionsErrors } from '../../errors.js'
import {
  type HostResponse,
  linkLimits,
  type PromptResult,
  type QueuedPromptResponse,
} from '../../protocol/index.js'
import type { SessionRow } from '../../store/port.js'
import { entitle } from '../titles.js'
import type { PromptOptions, PromptsDeps } from './deps.js'

/** What became of a prompt; `done`: hosts that answer when the turn is over. */
export type Submitted =
  | { kind: 'accepted'; turnId: string }
  | { kind: 'queued'; queued: QueuedPromptResponse }
  | { kind: 'done'; result: PromptResult }

const maxTextBytes = linkLimits.eventDataBytes

/** Throws `invalidRequest` and `payloadTooLarge`. */
export function assertText(text: unknown): asserts text is string {
  if (typeof text !== 'string' || text === '')
    throw sessionsErrors.invalidRequest({ message: "Missing 'text' field" })
  if (text.length * 3 > maxTextBytes && Buffer.byteLength(text) > maxTextBytes)
    throw sessionsErrors.payloadTooLarge()
}

/** Throws what the wire says of a prompt that was not taken. */
export async function submit(
  deps: PromptsDeps,
  session: SessionRow,
  { text, key = deps.ground.ids.next('prompt'), signal }: PromptOptions,
): Promise<Submitted> {
  const answer = await deps.router.session(
    session,
    { method: 'POST', path: '/prompt', body: { text }, key },
    { signal },
  )
  if (answer.status < 200 || answer.status > 299) throw toRefusal(answer)
  const body = isJsonObject(answer.body) ? answer.body : {}
  const { queueId, turnId, position } = body
  if (body.queued === true && typeof queueId === 'string')
    return { kind: 'queued', queued: { queued: true, queueId, position: Number(position) || 0 } }
  await entitle(deps, session, text)
  if (body.accepted === true && typeof turnId === 'string') return { kind: 'accepted', turnId }
  if (typeof body.stopReason === 'string')
    return { kind: 'done', result: { ...body, stopReason: body.stopReason } }
  throw failed(answer.status, answer.body)
}

/** `Prompt failed (500): …`, with what is wrong as JSON. */
export function failed(status: number, body: unknown): ParleyError {
  const text = typeof body === 'string' ? body : JSON.stringify(body ?? '')
  return sessionsErrors.promptFailed({ message: `Prompt failed (${status}): ${text}` })
}

/** 404: as for a session that is not there. */
export const promptNotFound = (text = 'Session not found'): ParleyError =>
  sessionsErrors.sessionNotFound({ message: `Prompt failed (404): ${text}` })

export const isPromptNotFound = (error: unknown): boolean =>
  isParleyError(error, 'sessions.session_not_found')

function toRefusal({ status, headers, body }: HostResponse): ParleyError {
  const text = isJsonObject(body) && typeof body.error === 'string' ? body.error : JSON.stringify(body ?? '')
  const retryAfter = Number(headers?.['retry-after']) || undefined
  if (status === 503) return sessionsErrors.hostNotConnected({ message: text, retryAfter })
  if (status === 429) return sessionsErrors.tooMany({ message: text, retryAfter })
  if (status === 413) return sessionsErrors.payloadTooLarge()
  if (status === 404 || /not found/i.test(text)) return promptNotFound(text)
  return failed(status, body)
}
