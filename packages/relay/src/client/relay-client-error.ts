/**
 * Why a call failed. `code`: the server's, for example `relay.bot_not_found` or `kernel.forbidden`; else `network` (no answer came),
 * `invalid_request` (it can't be asked like that) or `invalid_response` (the server answered with something else).
 */
export class RelayClientError extends Error {
  override readonly name = 'RelayClientError'
  readonly code: string
  /** Of the answer; undefined when none came. */
  readonly status: number | undefined
  /** What the server's log knows the request by. */
  readonly requestId: string | undefined
  /** Milliseconds to wait, where the server says so. */
  readonly retryAfterMs: number | undefined

  constructor(
    code: string,
    message: string,
    {
      status,
      requestId,
      retryAfterMs,
      cause,
    }: { status?: number; requestId?: string; retryAfterMs?: number; cause?: unknown } = {},
  ) {
    super(message, { cause })
    this.code = code
    this.status = status
    this.requestId = requestId
    this.retryAfterMs = retryAfterMs
  }
}
