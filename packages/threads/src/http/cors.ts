// Answers for pages of other origins.
import { allowPreflight, grantHeaders, pageOf } from '@parley/kernel/http'
import { mayAct } from '@parley/kernel/origin'
import { threadsErrors } from '../errors.js'
import type { ResolvedOptions } from '../service/options.js'
import { wireErrorResponse } from './wire.js'

/** The same answer, readable by a page of an allowed origin. */
export function withCors(response: Response, request: Request, options: ResolvedOptions): Response {
  if (options.allowedOrigins.length === 0) return response
  const { status, body, headers } = response
  const merged = new Headers(headers)
  merged.set('vary', 'origin')
  for (const [name, value] of Object.entries(grantHeaders(pageOf(request), options))) merged.set(name, value)
  return new Response(body, { status, headers: merged })
}

/** Throws `threads.origin_not_allowed` when a page of a strange origin would change something: cookies come by themselves. */
export function assertMayAct(request: Request, options: ResolvedOptions): void {
  if (request.method === 'GET' || request.method === 'HEAD') return
  if (!mayAct(pageOf(request), options)) throw threadsErrors.originNotAllowed()
}

/** Answers a preflight. */
export function preflight(request: Request, options: ResolvedOptions): Response {
  return mayAct(pageOf(request), options)
    ? allowPreflight(request, options, 'GET, POST, PATCH, DELETE')
    : wireErrorResponse(threadsErrors.originNotAllowed())
}
