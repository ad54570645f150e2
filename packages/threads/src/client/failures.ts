// Failures that do not come from the server.
import { ThreadsClientError } from './threads-client-error.js'

export const closedError = (what: string) => new ThreadsClientError('closed', `${what} was closed`)

export const offlineError = () => new ThreadsClientError('offline', 'there is no connection to the server')

/** Anything thrown, as what callers are promised. What is not ours came from below: the network, a token source. */
export function toClientError(error: unknown): ThreadsClientError {
  if (error instanceof ThreadsClientError) return error
  return new ThreadsClientError('network', reasonOf(error), { cause: error })
}

/** Reads an answer with one of the protocol's schemas. Throws `invalid_response`. */
export function readAnswer<T>(schema: { parse(value: unknown): T }, value: unknown): T {
  try {
    return schema.parse(value)
  } catch (cause) {
    throw new ThreadsClientError('invalid_response', 'the server answered with something else', { cause })
  }
}

// Node's fetch says only "fetch failed"; what happened is in the cause.
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error && error.cause.message ? error.cause.message : error.message
}
