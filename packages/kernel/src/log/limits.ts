/** Bounds of a log's memory and work. */
export type LogLimits = {
  /** Events that wait in a follower (256). Past it live pushing stops and the follower is fed from the log. */
  followerEvents: number
  /** Characters of event bodies and signals that wait in a follower (1 Mi). */
  followerChars: number
  /** Streams whose missed events a slow `followKind` remembers (10,000). Past it that follower fails. */
  missedStreams: number
  /** Streams of followed kinds whose position this node remembers (4,096); the longest unused is forgotten. */
  trackedStreams: number
  /** Streams that are read at the same time because of hints (8). */
  catchUps: number
  /** Events of one read on behalf of taps (500). */
  catchUpEvents: number
  /** How often the heads of followed streams are asked for when other nodes write as well (2,000 ms). */
  repairMs: number
}

export const defaultLogLimits: LogLimits = {
  followerEvents: 256,
  followerChars: 1024 * 1024,
  missedStreams: 10_000,
  trackedStreams: 4096,
  catchUps: 8,
  catchUpEvents: 500,
  repairMs: 2000,
}
