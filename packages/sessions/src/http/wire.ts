import { isParleyError, kernelErrors, type ParleyError } from '@parley/kernel/errors'
import { type AnswerHeaders, answer, jsonResponse, retryHeader, toRefusal } from '@parley/kernel/http'
import { sessionsErrors } from '../errors.js'
import type { Answer } from './answer.js'

/** Answers a refusal with `{"error": text}`. A fault shows as `internal error`. */
export function wireErrorResponse(error: unknown, headers: AnswerHeaders = {}): Response {
  const refusal = toWire(toRefusal(error).refusal)
  return jsonResponse(refusal.status, { error: refusal.message }, { ...retryHeader(refusal), ...headers })
}

/** Refusals of the kernel in the words of this plane. */
function toWire(refusal: ParleyError): ParleyError {
  if (isParleyError(refusal, kernelErrors.malformedJson().code))
    return sessionsErrors.invalidRequest({ message: 'Invalid JSON body' })
  if (isParleyError(refusal, kernelErrors.bodyTooLarge().code)) return sessionsErrors.payloadTooLarge()
  if (isParleyError(refusal, kernelErrors.internal().code)) return sessionsErrors.internal()
  return refusal
}

/** Unknown routes, and known ones asked by another method. */
export const notFoundResponse = (headers: AnswerHeaders = {}): Response =>
  textResponse(404, '404 Not Found', headers)

export function toResponse(given: Answer, headers: AnswerHeaders): Response {
  if (given instanceof Response) return given
  if ('text' in given) return textResponse(given.status, given.text, headers)
  return jsonResponse(given.status, JSON.stringify(given.body), { ...headers, ...given.headers })
}

const textResponse = (status: number, text: string, headers: AnswerHeaders): Response =>
  answer(status, text, { 'content-type': 'text/plain; charset=UTF-8', ...headers })
