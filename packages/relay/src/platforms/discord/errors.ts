import { DiscordAPIError, HTTPError, RateLimitError } from '@discordjs/rest'

/** A call that was not done, or nobody knows. `status` and `code` are Discord's. */
export type Failure =
  | { outcome: 'refused'; error: string; status: number; code: number | string }
  | { outcome: 'limited'; retryAfterMs: number }
  | { outcome: 'failed'; error: string }
  | { outcome: 'ambiguous'; error: string }

/** Codes of Discord's that mean something here: https://docs.discord.com/developers/topics/opcodes-and-status-codes#json */
export const codes = { unknownMessage: 10_008, unknownEmoji: 10_014 } as const

export const isRefusedWith = (failure: Failure, ...wanted: readonly number[]): boolean =>
  failure.outcome === 'refused' && wanted.includes(Number(failure.code))

const longestError = 300
const longestPauseMs = 3_600_000

/**
 * The library's errors as ours: give up, slow down, try again, or nobody knows. Its errors hold addresses and bodies: nothing of them
 * goes on but Discord's message. `isBegun`: the request has left for the network; `clean` takes secrets out of a text.
 */
export function toFailure(error: unknown, isBegun: boolean, clean: (text: string) => string): Failure {
  if (error instanceof RateLimitError) return { outcome: 'limited', retryAfterMs: pauseOf(error) }
  if (error instanceof DiscordAPIError) {
    const { status, code, message } = error
    return { outcome: 'refused', error: `Discord: ${clean(message)}`.slice(0, longestError), status, code }
  }
  if (error instanceof HTTPError)
    return { outcome: 'failed', error: `Discord is not well: status ${error.status}` }
  if (!isBegun || neverLeft.has(codeOf(error)))
    return { outcome: 'failed', error: 'Discord can not be reached' }
  return { outcome: 'ambiguous', error: 'Discord did not answer' }
}

function pauseOf({ retryAfter, timeToReset }: RateLimitError): number {
  const pause = [retryAfter, timeToReset].find((ms) => Number.isFinite(ms) && ms > 0) ?? 1_000
  return Math.min(Math.ceil(pause), longestPauseMs)
}

/** Codes of connections that were never made. */
const neverLeft = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

function codeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined
  // Several addresses were tried: each of them has its own error.
  const first = cause instanceof AggregateError ? (cause.errors as unknown[])[0] : cause
  return first instanceof Error && 'code' in first ? String(first.code) : ''
}
