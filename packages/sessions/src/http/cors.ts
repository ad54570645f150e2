// Answers for pages of other origins.
import { type AnswerHeaders, answer } from '@parley/kernel/http'
import { sessionsErrors } from '../errors.js'
import type { SessionsOptions } from '../service/options.js'
import { type FromPage, type Grant, grantTo, mayAct } from '../service/origins.js'
import { wireErrorResponse } from './wire.js'

type CorsOptions = Pick<SessionsOptions, 'allowedOrigins' | 'publicUrl'>

const none: AnswerHeaders = {}

/** Headers that let a page of an allowed origin read the answer. */
export function corsHeaders(request: Request, options: CorsOptions): AnswerHeaders {
  if (!options.allowedOrigins?.length) return none
  const grant = grantTo(pageOf(request), options)
  return { vary: 'origin', ...(grant && headersOf(grant)) }
}

/** Throws `originNotAllowed` when a page of a strange origin would change something: cookies come by themselves. */
export function assertMayAct(request: Request, options: CorsOptions): void {
  if (request.method === 'GET' || request.method === 'HEAD') return
  if (!mayAct(pageOf(request), options)) throw sessionsErrors.originNotAllowed()
}

/** Answers a preflight. */
export function preflight(request: Request, options: CorsOptions): Response {
  const page = pageOf(request)
  if (!mayAct(page, options)) return wireErrorResponse(sessionsErrors.originNotAllowed())
  const grant = grantTo(page, options)
  // WHY: the application decides which headers name its users.
  const wanted = request.headers.get('access-control-request-headers') ?? 'content-type, authorization'
  return answer(204, null, {
    ...(grant && headersOf(grant)),
    vary: 'origin, access-control-request-headers',
    'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE',
    'access-control-allow-headers': wanted,
    'access-control-max-age': '600',
  })
}

function pageOf({ headers, url }: Request): FromPage {
  return { origin: headers.get('origin') ?? undefined, host: headers.get('host') ?? new URL(url).host }
}

function headersOf({ origin, credentials }: Grant): Record<string, string> {
  return {
    'access-control-allow-origin': origin,
    ...(credentials && { 'access-control-allow-credentials': 'true' }),
    'access-control-expose-headers': 'retry-after',
  }
}
