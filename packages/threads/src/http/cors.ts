// Answers for pages of other origins.
import { answer } from '@parley/kernel/http'
import { threadsErrors } from '../errors.js'
import type { ResolvedOptions } from '../service/options.js'
import { type FromPage, type Grant, grantTo, mayAct } from '../service/origins.js'
import { wireErrorResponse } from './wire.js'

/** The same answer, readable by a page of an allowed origin. */
export function withCors(response: Response, request: Request, options: ResolvedOptions): Response {
  if (options.allowedOrigins.length === 0) return response
  const { status, body, headers } = response
  const merged = new Headers(headers)
  merged.set('vary', 'origin')
  const grant = grantTo(pageOf(request), options)
  if (grant) for (const [name, value] of Object.entries(headersOf(grant))) merged.set(name, value)
  return new Response(body, { status, headers: merged })
}

/** Throws `threads.origin_not_allowed` when a page of a strange origin would change something: cookies come by themselves. */
export function assertMayAct(request: Request, options: ResolvedOptions): void {
  if (request.method === 'GET' || request.method === 'HEAD') return
  if (!mayAct(pageOf(request), options)) throw threadsErrors.originNotAllowed()
}

/** Answers a preflight. */
export function preflight(request: Request, options: ResolvedOptions): Response {
  const page = pageOf(request)
  if (!mayAct(page, options)) return wireErrorResponse(threadsErrors.originNotAllowed())
  const grant = grantTo(page, options)
  // WHY: the application decides which headers name its users.
  const wanted = request.headers.get('access-control-request-headers') ?? 'content-type, authorization'
  return answer(204, null, {
    ...(grant && headersOf(grant)),
    vary: 'origin, access-control-request-headers',
    'access-control-allow-methods': 'GET, POST, PATCH, DELETE',
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
