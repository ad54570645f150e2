/** How sockets of this plane are closed. What happened is in the `error` frame before (contract 4.3). */
export const closeCodes = {
  /** Refused, expired or revoked: do not reconnect with the same address. */
  over: 1000,
  /** The server is stopping: reconnect, from the cursor. */
  goingAway: 1001,
  /** A fault on our side: reconnect later, from the cursor. */
  internal: 1011,
  /** Too slow, or too many sockets: reconnect later, from the cursor. */
  tryLater: 1013,
} as const
