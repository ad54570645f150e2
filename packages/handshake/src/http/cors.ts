import { type AnswerHeaders, answer } from '@parley/kernel/http'
import { isOriginAllowed } from '@parley/kernel/origin'
import { handshakeErrors } from '../errors.js'
import type { Caller } from '../service/caller.js'
import type { ResolvedOptions } from '../service/options.js'
import { wireErrorResponse } from './wire.js'

const none: AnswerHeaders = {}

/** Headers that let a page of an allowed origin read the answer. */
export function corsHeaders(
  { origin }: Pick<Caller, 'origin'>,
  { allowedOrigins }: ResolvedOptions,
): AnswerHeaders {
  // Own pages need none, and `*` in the list must not come with credentials, so the origin is named.
  if (origin === undefined || allowedOrigins.length === 0) return none
  return isOriginAllowed(origin, [], allowedOrigins) ? grantTo(origin) : none
}

function grantTo(origin: string): AnswerHeaders {
  return {
    'access-control-allow-origin': origin,
    'access-control-allow-credentials': 'true',
    'access-control-expose-headers': 'retry-after, x-handshake-seq',
    vary: 'origin',
  }
}

/** Answers a preflight, for allowed origins only (contract W13). */
export function preflight(caller: Caller, options: ResolvedOptions): Response {
  const isAllowed = isOriginAllowed(caller.origin ?? null, caller.selfOrigins, options.allowedOrigins)
  if (!isAllowed) return wireErrorResponse(handshakeErrors.originNotAllowed())
  return answer(204, null, {
    ...(caller.origin !== undefined && grantTo(caller.origin)),
    'access-control-allow-methods': 'GET, POST, DELETE',
    'access-control-allow-headers': 'content-type, x-handshake-token, x-handshake-browser-key',
    'access-control-max-age': '600',
  })
}
