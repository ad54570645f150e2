import { defineErrors, type ParleyError } from '@parley/kernel/errors'

/**
 * Every refusal of the sessions plane, with the texts of the wire; the doors answer `{"error": message}` with the status.
 * Where a text has a variable part use the functions below, or pass the whole text as `message`.
 */
export const sessionsErrors = defineErrors('sessions', {
  unauthenticated: { status: 401, message: 'unauthenticated' },
  forbidden: { status: 403, message: 'forbidden' },
  originNotAllowed: { status: 403, message: 'origin not allowed' },
  invalidRequest: { status: 400, message: 'invalid request' },
  payloadTooLarge: { status: 413, message: 'payload too large' },
  rateLimited: { status: 429, message: 'rate limit exceeded', retryable: true },
  notFound: { status: 404, message: 'not found' },
  conflict: { status: 409, message: 'conflict' },
  tooMany: { status: 429, message: 'too many', retryable: true },
  internal: { status: 500, message: 'internal error' },

  /** Reads of a session. */
  agentNotFound: { status: 404, message: 'Agent not found' },
  /** Everything that needs a live session. */
  sessionNotFound: { status: 404, message: 'Session not found' },
  alreadyKilled: { status: 409, message: 'Cannot terminate an already-killed session' },
  duplicateSession: { status: 409, message: 'Session is already running' },
  startFailed: { status: 500, message: 'SessionHost failed to start' },
  promptFailed: { status: 500, message: 'Prompt failed' },
  noTurn: { status: 409, message: 'No turn is running' },
  permissionNotFound: { status: 404, message: 'Permission request not found or already resolved' },
  templateManaged: { status: 409, message: 'Managed templates are changed in the configuration' },
  templateNotFound: { status: 404, message: 'Agent template not found' },
  instanceNotFound: { status: 404, message: 'Runtime instance not found' },
  instanceTaken: { status: 409, message: 'An instance of another runtime has this name' },
  runtimeFailed: { status: 500, message: 'The runtime failed' },
  instanceNotRunning: { status: 409, message: 'Runtime instance is not running' },
  unsupported: { status: 500, message: 'not supported by this runtime' },
  hostNotConnected: { status: 503, message: 'host not connected', retryable: true },
  messageNotFound: { status: 404, message: 'Message not found' },
  webhookNotFound: { status: 404, message: 'delivery not found' },
})

/** 404: `Session "x" not found`, where the contract names it. */
export function namedSessionNotFound(id: string): ParleyError {
  return sessionsErrors.sessionNotFound({ message: `Session "${id}" not found` })
}

/** 404: `Runtime instance "x" not found`. */
export function namedInstanceNotFound(name: string): ParleyError {
  return sessionsErrors.instanceNotFound({ message: `Runtime instance "${name}" not found` })
}

/** 404: `Agent template "x" not found`. */
export function namedTemplateNotFound(id: string): ParleyError {
  return sessionsErrors.templateNotFound({ message: `Agent template "${id}" not found` })
}
