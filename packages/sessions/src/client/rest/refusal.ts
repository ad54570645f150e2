import { SessionsClientError } from '../sessions-client-error.js'

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

/** A refusal with the fixed text of the call. Bodies differ by route (section 2); only their text is taken. */
export function toRefusal(
  message: string,
  status: number,
  headers: Headers,
  body: string,
): SessionsClientError {
  const wait = Number(headers.get('retry-after') ?? Number.NaN)
  const detail = textIn(body)
  return new SessionsClientError(codes[status] ?? (status >= 500 ? 'internal' : 'invalid_request'), message, {
    status,
    ...(detail !== undefined && { detail }),
    ...(wait >= 0 && { retryAfterMs: wait * 1000 }),
  })
}

const maxDetail = 4_000

/** `{"error": "text"}`, `{"error": {"message": "text"}}`, or the text itself. */
function textIn(body: string): string | undefined {
  const text = messageOf(parse(body)) ?? (body.startsWith('<') ? '' : body)
  return text === '' ? undefined : text.slice(0, maxDetail)
}

function messageOf(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !('error' in body)) return undefined
  const { error } = body
  if (typeof error === 'string') return error
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : undefined
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
