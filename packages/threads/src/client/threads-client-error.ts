/**
 * Why something was refused. `code` is the contract's (section 6), else `network` (no answer), `closed` (the client was
 * closed), `offline` (an action needs the connection, and there is none) or `invalid_response`.
 */
export class ThreadsClientError extends Error {
  override readonly name = 'ThreadsClientError'
  readonly code: string
  /** Of an answer over HTTP. */
  readonly status: number | undefined
  /** Milliseconds to wait when `code` is `rate_limited`. */
  readonly retryAfterMs: number | undefined

  constructor(
    code: string,
    message: string,
    { status, retryAfterMs, cause }: { status?: number; retryAfterMs?: number; cause?: unknown } = {},
  ) {
    super(message, { cause })
    this.code = code
    this.status = status
    this.retryAfterMs = retryAfterMs
  }
}
