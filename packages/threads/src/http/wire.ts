import { jsonResponse } from '@parley/kernel/http'
import { toErrorBody, toWireError } from '../protocol/index.js'

/** Answers a refusal with the body of contract 3.1. */
export function wireErrorResponse(error: unknown): Response {
  const { status, code, message, retryAfter } = toWireError(error)
  const headers = retryAfter === undefined ? undefined : { 'retry-after': String(retryAfter) }
  return jsonResponse(status, toErrorBody(code, message), headers)
}
