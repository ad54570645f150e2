import type { RequestInfo } from '@parley/kernel/http'
import type { Caller } from '../service/caller.js'
import type { ResolvedOptions } from '../service/options.js'
import { selfOrigins } from '../service/self-origins.js'

/** The token of a request: the header `X-Handshake-Token`, else the query's `token` (contract 3). */
export function tokenFromRequest(request: Request): string | undefined {
  const header = request.headers.get('x-handshake-token')
  if (header) return header
  const mark = request.url.indexOf('?')
  if (mark < 0 || !request.url.includes('token=', mark)) return undefined
  return new URLSearchParams(request.url.slice(mark)).get('token') || undefined
}

/** What the service needs to know of a request. */
export function toCaller(
  request: Request,
  info: Pick<RequestInfo, 'remoteAddress'>,
  options: ResolvedOptions,
): Caller {
  const { headers } = request
  const token = options.queryToken === 'deny' ? headers.get('x-handshake-token') : tokenFromRequest(request)
  return {
    token: token ?? undefined,
    browserKey: headers.get('x-handshake-browser-key') ?? undefined,
    origin: headers.get('origin') ?? undefined,
    selfOrigins: selfOrigins(headers.get('host') ?? undefined, request.url, options),
    remote: info.remoteAddress,
    request,
  }
}
