/** A call to the connector, or to whoever gives identity tokens, that did not succeed. The message may be shown. */
export class RelayCallError extends Error {
  /** HTTP status; 0 when there was no answer. */
  readonly status: number

  constructor(status: number, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'RelayCallError'
    this.status = status
  }
}
