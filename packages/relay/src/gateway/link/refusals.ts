/** What a closed connection means for the next dial (contract 2.4, the later rule). */
export interface Refusals {
  /** A descriptor came: this connection's token was believed. */
  handshaken(): void
  /** Called once for each connection that ended. */
  ended(code: number, reason: string): 'wait' | 'at once' | 'give up'
}

const unauthorized = 4401

/**
 * Before the first handshake a refusal may be a race with enrolment: wait. After it, one is tried again at once with a fresh
 * token, and a second one of that connection is a revocation. `expired` never is one.
 */
export function createRefusals(): Refusals {
  let hasHandshaken = false
  let isBelieved = false
  /** A refusal came; whether the fresh token is refused as well is not known yet. */
  let isProvisional = false

  const step = (isRefused: boolean) => {
    // The fresh connection has lived and ended for another reason: the next refusal is a first one again.
    if (!isRefused && isBelieved) isProvisional = false
    if (!isRefused || !hasHandshaken) return 'wait'
    if (isProvisional) return 'give up'
    isProvisional = true
    return 'at once'
  }
  return {
    handshaken: () => {
      hasHandshaken = true
      isBelieved = true
    },
    ended: (code, reason) => {
      const next = step(code === unauthorized && reason !== 'expired')
      isBelieved = false
      return next
    },
  }
}
