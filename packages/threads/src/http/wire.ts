import { type AnswerHeaders, jsonResponse } from '@parley/kernel/http'
import { toErrorBody, toWireError } from '../protocol/index.js'

/** Answers a refusal with the body of contract 3.1. `headers`: what else the answer says, such as `Allow`. */
export function wireErrorResponse(error: unknown, headers: AnswerHeaders = {}): Response {
  const { status, code, message, retryAfter } = toWireError(error)
  return jsonResponse(status, toErrorBody(code, message), {
    ...headers,
    ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
  })
}
