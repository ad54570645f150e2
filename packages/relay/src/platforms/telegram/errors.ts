import { GrammyError, HttpError } from 'grammy'
import type { PlatformResult } from '../port.js'

export type Failure = Exclude<PlatformResult, { outcome: 'done' }>

/** What Telegram said, in lower case; empty when it said nothing. */
export const descriptionOf = (error: unknown): string =>
  error instanceof GrammyError ? error.description.toLowerCase() : ''

/** Telegram's failures as ours: give up, slow down, try again, or nobody knows. `clean` takes the token out of texts. */
export function toFailure(error: unknown, clean: (text: string) => string): Failure {
  if (error instanceof GrammyError) return answered(error, clean)
  if (error instanceof HttpError && neverLeft.has(codeOf(error.error)))
    return { outcome: 'failed', error: 'Telegram can not be reached' }
  // The rest, an end of the wait included, may have been done.
  return { outcome: 'ambiguous', error: 'Telegram did not answer' }
}

// https://core.telegram.org/bots/api#making-requests and #responseparameters
function answered(
  { error_code, description, parameters }: GrammyError,
  clean: (text: string) => string,
): Failure {
  if (error_code === 429)
    return { outcome: 'limited', retryAfterMs: Math.max(1, parameters.retry_after ?? 1) * 1_000 }
  const error = `Telegram: ${clean(description)}`.slice(0, 300)
  return { outcome: error_code >= 500 ? 'failed' : 'refused', error }
}

/** Codes of connections that were never made. */
const neverLeft = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
  'EHOSTUNREACH',
])

function codeOf(error: unknown): string {
  const { cause } = error as { cause?: { code?: unknown } }
  return typeof cause?.code === 'string' ? cause.code : ''
}
