/** Close codes of `/relay` (contract 2.4). */
export const closeCodes = {
  /** The connector is stopping. */
  goingAway: 1001,
  messageTooBig: 1009,
  internal: 1011,
  /** The store can't be asked: dial again. */
  tryLater: 1013,
  /** Reason `unauthorized` or `expired`. Only with these a gateway may learn that it was revoked. */
  unauthorized: 4401,
  /** Reason `identity_not_provisioned`. */
  notProvisioned: 4403,
  /** No `hello` within 30 s. */
  handshakeTimeout: 4408,
} as const
