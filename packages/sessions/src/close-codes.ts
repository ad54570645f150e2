/** How sockets of this plane are closed. Sockets of hosts have codes of their own: `linkCloseCodes`. */
export const closeCodes = {
  /** The server is stopping: reconnect, with `since`. */
  goingAway: 1001,
  /** Binary where only text is spoken: don't repeat it. */
  unsupportedData: 1003,
  /** The credential has ended: sign in anew. */
  policy: 1008,
  /** A message over the limit: don't repeat it. */
  tooLarge: 1009,
  /** A fault on our side: reconnect later, with `since`. */
  internal: 1011,
  /** Too slow, or too many sockets or messages: reconnect later, with `since`. */
  tryLater: 1013,
} as const
