import { defineErrors } from './define-errors.js'

/** Refusals of the kernel itself. */
export const kernelErrors = defineErrors('kernel', {
  notFound: { status: 404, message: 'There is nothing here, or you may not see it.' },
  methodNotAllowed: { status: 405, message: 'This address does not answer that method.' },
  unauthenticated: { status: 401, message: 'Sign in, or send an API key.' },
  forbidden: { status: 403, message: 'Your credentials do not allow this.' },
  invalidRequest: { status: 400, message: 'The request is not valid.' },
  malformedJson: { status: 400, message: 'The body is not JSON.' },
  bodyTooLarge: { status: 413, message: 'The body is too large.' },
  rateLimited: { status: 429, message: 'Too many requests. Wait, then try again.', retryable: true },
  originNotAllowed: { status: 403, message: 'This page may not call this server.' },
  unavailable: { status: 503, message: 'The server is stopping or not ready. Try again.', retryable: true },
  internal: { status: 500, message: 'Something broke on our side. The log has it under this request id.' },
  dataDirectoryInUse: { status: 500, message: 'Another process uses this data directory.' },
  unmigrated: { status: 500, message: 'The database lacks migrations. Apply them, then start again.' },
  requestTimedOut: { status: 504, message: 'Another node did not answer in time.', retryable: true },
  requestRefused: { status: 502, message: 'Another node could not answer.' },
  closed: { status: 503, message: 'This was closed already.' },
})
