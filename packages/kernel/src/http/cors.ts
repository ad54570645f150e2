// Answers for pages of other origins.
import { type FromPage, grantTo, type OriginOptions } from '../origin/index.js'
import { type AnswerHeaders, answer } from './answers.js'

/** Where a request says that it comes from. */
export function pageOf({ headers, url }: Request): FromPage {
  return { origin: headers.get('origin') ?? undefined, host: headers.get('host') ?? new URL(url).host }
}

/** Headers that let a page of an allowed origin read the answer; none for all others. */
export function grantHeaders(page: FromPage, options: OriginOptions): AnswerHeaders {
  const grant = grantTo(page, options)
  if (!grant) return {}
  return {
    'access-control-allow-origin': grant.origin,
    ...(grant.credentials && { 'access-control-allow-credentials': 'true' }),
    'access-control-expose-headers': 'retry-after',
  }
}

/** Answers a preflight of a page that may act. `methods`: as they are sent, `GET, POST`. */
export function allowPreflight(request: Request, options: OriginOptions, methods: string): Response {
  // WHY: the application decides which headers name its users.
  const wanted = request.headers.get('access-control-request-headers') ?? 'content-type, authorization'
  return answer(204, null, {
    ...grantHeaders(pageOf(request), options),
    vary: 'origin, access-control-request-headers',
    'access-control-allow-methods': methods,
    'access-control-allow-headers': wanted,
    'access-control-max-age': '600',
  })
}
