const mark = Symbol.for('parley.error')

/** What a catalogue says of one refusal. */
export type ErrorEntry = {
  /** HTTP status. */
  status: number
  /** For people: what happened and what to do next. */
  message: string
  /** True when the same call may succeed later. Default false. */
  retryable?: boolean
}

/** Facts that travel with a refusal. `message` replaces the catalogue's text. */
export type ErrorExtra = {
  message?: string
  details?: Record<string, unknown>
  /** Seconds, sent as `Retry-After`. */
  retryAfter?: number
  /** Stays inside the process. */
  cause?: unknown
}

/** A refusal that travels to the other side. Recognise it with `isParleyError`, never with `instanceof`. */
export class ParleyError extends Error {
  readonly [mark] = true
  readonly code: string
  readonly status: number
  readonly retryable: boolean
  readonly details: Record<string, unknown> | undefined
  readonly retryAfter: number | undefined

  constructor(code: string, entry: ErrorEntry, extra: ErrorExtra = {}) {
    super(extra.message ?? entry.message, { cause: extra.cause })
    this.name = 'ParleyError'
    this.code = code
    this.status = entry.status
    this.retryable = entry.retryable ?? false
    this.details = extra.details
    this.retryAfter = extra.retryAfter
  }
}

/** True for a refusal of any copy of this package; with `code`, only for that one. */
export function isParleyError(error: unknown, code?: string): error is ParleyError {
  if (typeof error !== 'object' || error === null || !(mark in error)) return false
  return code === undefined || (error as ParleyError).code === code
}

/** True for bugs and broken dependencies: what the operator must hear of. A limit that was reached is a refusal. */
export function isFault(error: unknown): boolean {
  return !isParleyError(error) || error.status === 500
}

/**
 * Declares a plane's catalogue of refusals. Each name becomes a function that makes the error;
 * its code is `<plane>.<name in snake_case>`.
 */
export function defineErrors<const T extends Record<string, ErrorEntry>>(plane: string, entries: T) {
  const make = Object.entries(entries).map(([name, entry]) => {
    const code = `${plane}.${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`
    return [name, (extra?: ErrorExtra) => new ParleyError(code, entry, extra)] as const
  })
  return Object.fromEntries(make) as { [Name in keyof T]: (extra?: ErrorExtra) => ParleyError }
}

/** Body of a refusal on the routes of `/parley/v1`. */
export type Problem = {
  code: string
  message: string
  retryable: boolean
  details?: Record<string, unknown>
  requestId?: string
}

/** The problem body of a refusal. */
export function toProblem(error: ParleyError, requestId?: string): Problem {
  const { code, message, retryable, details } = error
  return { code, message, retryable, ...(details && { details }), ...(requestId && { requestId }) }
}
