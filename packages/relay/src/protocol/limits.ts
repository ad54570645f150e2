// Numbers of the contract. Sizes are bytes, times milliseconds.

export const limits = {
  /** What the connector accepts in one message (2.5). */
  inboundMessageBytes: 1_048_576,
  /** What the connector sends in one message (2.5). */
  outboundMessageBytes: 524_288,
  /** Raw body of a forward; more is refused at the edge (2.5). */
  passthroughBytes: 262_144,
  handshakeMs: 30_000,
  /** The gateway's wait for a result, and the connector's for a platform (2.8). */
  resultMs: 30_000,
  platformMs: 25_000,
  /** How long a `requestId` is remembered on its socket (2.8). */
  repeatMs: 300_000,
  pingMs: 30_000,
  silentMs: 90_000,
  /** A gateway waits so long for `going_idle_ack`; on shutdown less (7.2). */
  idleAckMs: 10_000,
  idleAckAtShutdownMs: 2_000,
  /** Wait for `inbound_ack` while draining (7.2). */
  ackMs: 60_000,
  /** One buffer (7.2). */
  bufferEntries: 1_000,
  bufferBytes: 16_777_216,
  bufferAgeMs: 7 * 86_400_000,
  /** A forward is as old as its capability at most, and comes so often (7.3). */
  passthroughAgeMs: 900_000,
  passthroughRedeliveries: 3,
  capabilityMs: 870_000,
  /** Between two pokes of one instance (7.4). */
  pokeMs: 60_000,
  pokeWithinMs: 5_000,
  tokenSeconds: 300,
  /** The furthest `exp` that is believed (2.2). */
  tokenAheadSeconds: 3_600,
  rotationMs: 86_400_000,
  rotationPauseMs: 600_000,
  secretAgeMs: 30 * 86_400_000,
  enrolmentMs: 900_000,
  linkCodeMs: 600_000,
  wrongLinkCodes: 5,
  wrongLinkCodesMs: 3_600_000,
  mediaBytes: 26_214_400,
  mediaMs: 3_600_000,
  mediaFilename: 255,
  mediaFetchMs: 30_000,
  mediaRedirects: 3,
  displayName: 64,
  threadName: 100,
  contextItems: 20,
  contextBytes: 8_192,
  /** Where a session runs is forgotten after this (6.1). */
  routeMs: 86_400_000,
  /** Replay dedupe of the client (4.7). */
  seenMessages: 512,
} as const
