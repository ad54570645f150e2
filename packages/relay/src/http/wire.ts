import { isParleyError, type ParleyError } from '@parley/kernel/errors'
import { type AnswerHeaders, jsonResponse, retryHeader, toRefusal } from '@parley/kernel/http'
import { relayErrors } from '../errors.js'

/** The kernel's refusals in the words of this contract. */
const words: Readonly<Record<string, () => ParleyError>> = {
  'kernel.not_found': () => relayErrors.notFound(),
  'kernel.method_not_allowed': () => relayErrors.methodNotAllowed(),
  'kernel.malformed_json': () => relayErrors.invalidRequest({ message: 'the body is not JSON' }),
  'kernel.body_too_large': () => relayErrors.payloadTooLarge(),
  'kernel.internal': () => relayErrors.internal(),
}

/** Answers a refusal with the body of contract 8, `{"error": text}`. A fault shows nothing of itself. */
export function wireErrorResponse(error: unknown, headers: AnswerHeaders = {}): Response {
  const known = isParleyError(error) ? error : toRefusal(error).refusal
  const refusal = words[known.code]?.() ?? known
  // WHY: a refusal of status 500 is about how the server is run; no gateway is told how.
  const message = refusal.status === 500 ? relayErrors.internal().message : refusal.message
  return jsonResponse(refusal.status, { error: message }, { ...retryHeader(refusal), ...headers })
}
