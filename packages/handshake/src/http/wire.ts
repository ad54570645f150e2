import { isParleyError, type ParleyError } from '@parley/kernel/errors'
import { type AnswerHeaders, jsonResponse } from '@parley/kernel/http'
import { handshakeErrors } from '../errors.js'

/** Kernel refusals in the words of this contract. */
const translations: Record<string, () => ParleyError> = {
  'kernel.not_found': handshakeErrors.notFound,
  'kernel.method_not_allowed': handshakeErrors.methodNotAllowed,
  'kernel.body_too_large': handshakeErrors.bodyTooLarge,
  'kernel.malformed_json': handshakeErrors.malformedJson,
  'kernel.invalid_request': handshakeErrors.badRequest,
}

/** A refusal as the contract words it; anything that is not a refusal is an internal error without detail. */
export function toWireError(error: unknown): {
  status: number
  body: Record<string, unknown>
  headers: AnswerHeaders
} {
  if (!isParleyError(error)) return { status: 500, body: { error: 'internal error' }, headers: {} }
  const refusal = translations[error.code]?.() ?? error
  const { claimUrl } = refusal.details ?? {}
  return {
    status: refusal.status,
    body: { error: refusal.message, ...(claimUrl !== undefined && { claimUrl }) },
    headers: error.retryAfter === undefined ? {} : { 'retry-after': String(error.retryAfter) },
  }
}

/** Answers a refusal. */
export function wireErrorResponse(error: unknown, extra: AnswerHeaders = {}): Response {
  const { status, body, headers } = toWireError(error)
  return jsonResponse(status, body, { ...headers, ...extra })
}
