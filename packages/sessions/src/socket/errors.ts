import { isParleyError } from '@parley/kernel/errors'
import { sessionsErrors } from '../errors.js'
import type { HostResponse } from '../protocol/index.js'

/** What a client is told of what was thrown; faults are reported and stay inside. */
export function errorText(error: unknown, onFault: (error: unknown) => void): string {
  if (isParleyError(error)) return error.message
  onFault(error)
  return sessionsErrors.internal().message
}

/** True for refusals because there is no such session, or it has ended. */
export const isNoSession = (error: unknown): boolean =>
  isParleyError(error, sessionsErrors.sessionNotFound().code) ||
  isParleyError(error, sessionsErrors.agentNotFound().code)

/** A host's answer, or its refusal thrown. */
export function assertOk(response: HostResponse): HostResponse {
  if (response.status < 400) return response
  throw sessionsErrors.invalidRequest({ message: errorOf(response) })
}

/** The text of a host's refusal. */
export function errorOf({ status, body }: HostResponse): string {
  const isObject = typeof body === 'object' && body !== null
  if (isObject && 'error' in body && typeof body.error === 'string') return body.error
  return `The host answered ${status}`
}
