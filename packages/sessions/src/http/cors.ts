// Answers for pages of other origins.
import { type AnswerHeaders, allowPreflight, grantHeaders, pageOf } from '@parley/kernel/http'
import { mayAct, type OriginOptions } from '@parley/kernel/origin'
import { sessionsErrors } from '../errors.js'
import { wireErrorResponse } from './wire.js'

const none: AnswerHeaders = {}

/** Headers that let a page of an allowed origin read the answer. */
export function corsHeaders(request: Request, options: OriginOptions): AnswerHeaders {
  if (!options.allowedOrigins?.length) return none
  return { vary: 'origin', ...grantHeaders(pageOf(request), options) }
}

/** Throws `originNotAllowed` when a page of a strange origin would change something: cookies come by themselves. */
export function assertMayAct(request: Request, options: OriginOptions): void {
  if (request.method === 'GET' || request.method === 'HEAD') return
  if (!mayAct(pageOf(request), options)) throw sessionsErrors.originNotAllowed()
}

/** Answers a preflight. */
export function preflight(request: Request, options: OriginOptions): Response {
  return mayAct(pageOf(request), options)
    ? allowPreflight(request, options, 'GET, POST, PUT, PATCH, DELETE')
    : wireErrorResponse(sessionsErrors.originNotAllowed())
}
