import { RelayClientError } from './relay-client-error.js'

const codes: Readonly<Record<number, string>> = {
  400: 'invalid_request',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  409: 'conflict',
  413: 'payload_too_large',
  429: 'rate_limited',
  503: 'unavailable',
}

/** The refusal in a problem body. What stands before the server, a proxy for example, is understood by the status alone. */
export function toRefusal(status: number, headers: Headers, body: unknown): RelayClientError {
  const problem = isObject(body) ? body : {}
  const fallback = codes[status] ?? (status >= 500 ? 'internal' : 'invalid_request')
  const wait = Number(headers.get('retry-after') ?? Number.NaN)
  return new RelayClientError(textIn(problem.code) ?? fallback, textIn(problem.message) ?? `HTTP ${status}`, {
    status,
    requestId: textIn(problem.requestId),
    retryAfterMs: wait >= 0 ? wait * 1000 : undefined,
  })
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

const textIn = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
