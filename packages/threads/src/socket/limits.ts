/** Bounds of sockets on this node. */
export type SocketLimits = {
  /** Connected sockets of one identity; default 50. */
  perIdentity: number
  /** Threads that one socket follows; default 500. */
  threads: number
  /** Events of one socket that wait for their turn; one more is refused. Default 100. */
  waitingEvents: number
  /** Characters that wait to be taken by one connection's transport; one more closes it. Default 4 Mi. */
  waitingChars: number
  /** Characters of one replay; what is left comes with the next join. At least one event is sent. Default 1 Mi. */
  replayChars: number
}

/** The bounds of a server that was not told others. */
export const defaultSocketLimits: SocketLimits = {
  perIdentity: 50,
  threads: 500,
  waitingEvents: 100,
  waitingChars: 4 * 1024 * 1024,
  replayChars: 1024 * 1024,
}
