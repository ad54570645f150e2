/**
 * Why something failed. `message` is the fixed text of the call, as the original's clients had it; `detail` is what the server
 * said. `code`: of an answer `invalid_request`, `unauthenticated`, `forbidden`, `not_found`, `conflict`,
 * `payload_too_large`, `rate_limited`, `unavailable` or `internal`; else `network` (no answer), `closed` (the client was
 * closed), `offline` (it needs the connection, and there is none) or `invalid_response`.
 */
export class SessionsClientError extends Error {
  override readonly name = 'SessionsClientError'
  readonly code: string
  /** Of an answer over HTTP. */
  readonly status: number | undefined
  readonly detail: string | undefined
  /** Milliseconds to wait, where the server says so. */
  readonly retryAfterMs: number | undefined

  constructor(
    code: string,
    message: string,
    {
      status,
      detail,
      retryAfterMs,
      cause,
    }: { status?: number; detail?: string; retryAfterMs?: number; cause?: unknown } = {},
  ) {
    super(message, { cause })
    this.code = code
    this.status = status
    this.detail = detail
    this.retryAfterMs = retryAfterMs
  }
}
