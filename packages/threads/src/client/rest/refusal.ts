import { isJsonObject } from '../../protocol/index.js'
import { ThreadsClientError } from '../threads-client-error.js'

const statusOf: Readonly<Record<string, number>> = {
  invalid_request: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  payload_too_large: 413,
  rate_limited: 429,
  internal: 500,
}
const codes = Object.entries(statusOf)

/** The refusal in an answer over HTTP. Servers with other bodies are understood by the status alone. */
export function toRefusal(status: number, headers: Headers, body: unknown): ThreadsClientError {
  const { code, message } = toldIn(body)
  const wait = Number(headers.get('retry-after') ?? Number.NaN)
  return new ThreadsClientError(codeOf(status, code), message ?? `HTTP ${status}`, {
    status,
    ...(wait >= 0 && { retryAfterMs: wait * 1000 }),
  })
}

/** The status decides; the code of the body only says more where it does not contradict. */
function codeOf(given: number, told: string | undefined): string {
  const status = given === 422 ? 400 : given
  if (told !== undefined && (statusOf[told] ?? status) === status) return told
  const fallback = status >= 500 ? 'internal' : 'invalid_request'
  return codes.find(([, one]) => one === status)?.[0] ?? fallback
}

function toldIn(body: unknown): { code?: string; message?: string } {
  if (!isJsonObject(body)) return {}
  const error = isJsonObject(body.error) ? body.error : {}
  return {
    code: textIn(error.code) ?? textIn(body.code),
    message: textIn(error.message) ?? textIn(body.detail) ?? textIn(body.message),
  }
}

const textIn = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
