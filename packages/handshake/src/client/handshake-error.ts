/** What an `HandshakeError` knows besides its text. */
export type HandshakeFailure = {
  /** HTTP status; absent when no answer came. */
  status?: number
  /** The parsed answer; absent when there was none, or it was not JSON. */
  body?: unknown
  /** Seconds the server asks to wait, from `Retry-After`. */
  retryAfter?: number
  cause?: unknown
}

/** A call that failed: refused by the server (`status`), or without an answer (`connection error: …`). */
export class HandshakeError extends Error {
  readonly status: number | undefined
  readonly body: unknown
  readonly retryAfter: number | undefined

  constructor(message: string, failure: HandshakeFailure = {}) {
    super(message, { cause: failure.cause })
    this.name = 'HandshakeError'
    this.status = failure.status
    this.body = failure.body
    this.retryAfter = failure.retryAfter
  }
}
