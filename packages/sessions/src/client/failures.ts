// Failures that do not come from the server.
import { SessionsClientError } from './sessions-client-error.js'

export const closedError = (what: string) => new SessionsClientError('closed', `${what} was closed`)

export const offlineError = () => new SessionsClientError('offline', 'there is no connection to the server')

/** What a call fails with when no answer came. */
export function networkError(message: string, error: unknown): SessionsClientError {
  if (error instanceof SessionsClientError) return error
  return new SessionsClientError('network', message, { detail: reasonOf(error), cause: error })
}

// Node's fetch says only "fetch failed"; what happened is in the cause.
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error && error.cause.message ? error.cause.message : error.message
}
