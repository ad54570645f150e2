// Numbers of the link (sections 13.2, 13.5 and 13.8).

export const linkVersion = 1
export const linkSubprotocol = 'parley.host.1'
export const linkPath = '/api/hosts/link'

export const linkLimits = {
  frameBytes: 1024 * 1024,
  helloBytes: 256 * 1024,
  eventDataBytes: 512 * 1024,
  openRequests: 64,
  sessions: 256,
  unackedEvents: 2_000,
  unackedBytes: 8 * 1024 * 1024,
  spoolBytes: 256 * 1024 * 1024,
  ackEveryEvents: 100,
  ackEveryMs: 50,
  /** Events are synced to disk at least this often before they are sent. */
  syncWithinMs: 20,
  helloWithinMs: 10_000,
  heartbeatMs: 15_000,
  silentMs: 45_000,
  requestWithinMs: 30_000,
  startWithinMs: 120_000,
  /** A call under way when the link breaks fails after this long without one. */
  withoutLinkMs: 60_000,
  keptResults: 1_000,
  keptResultsMs: 24 * 3_600_000,
  hostLostAfterMs: 7 * 24 * 3_600_000,
} as const

/** Close codes of the link (section 13.2). */
export const linkCloseCodes = {
  versionNotSupported: 4400,
  unauthorized: 4401,
  forbidden: 4403,
  helloTimeout: 4408,
  replaced: 4409,
  gap: 4410,
  frameTooLarge: 4413,
  goingAway: 1001,
  fault: 1011,
  tryLater: 1013,
} as const
