import { isDeeperThan, jsonBytes } from '@parley/kernel/wire'

/** Bounds of what a session takes. Sizes are bytes of UTF-8, times are milliseconds. */
export type Limits = {
  /** Body of one request. Default 256 KiB. */
  bodyBytes: number
  /** JSON of one value. Default 64 KiB. */
  valueBytes: number
  /** Nesting of lists and objects in one value. Default 32. */
  depth: number
  /** Characters of one key. Default 256. */
  keyChars: number
  /** Keys of one session. Default 1000. */
  keys: number
  /** JSON of all values of one session: every read answers them all. Default 4 MiB. */
  sessionBytes: number
  /** Actions of one batch; a longer one is refused as a whole. Default 500. */
  actions: number
  /** Fields of one schema. Default 500. */
  fields: number
  /** One frame of a socket. Default 64 KiB. */
  frameBytes: number
  /** Living sessions of one server. Default 50 000. */
  sessions: number
  /** Change records kept for one session. Default 200. */
  changes: number
  /** Changes that `diff` answers when it is not told since when. Default 50. */
  recentChanges: number
  /** Longest pause after a streamed action. Default 2000. */
  intervalMs: number
  /** All pauses of one batch together, so that agents with a 15 s timeout get their answer. Default 12 000. */
  batchMs: number
}

/** The limits of a server that was not told others. */
export const defaultLimits: Limits = {
  bodyBytes: 256 * 1024,
  valueBytes: 64 * 1024,
  depth: 32,
  keyChars: 256,
  keys: 1000,
  sessionBytes: 4 * 1024 * 1024,
  actions: 500,
  fields: 500,
  frameBytes: 64 * 1024,
  sessions: 50_000,
  changes: 200,
  recentChanges: 50,
  intervalMs: 2000,
  batchMs: 12_000,
}

/** Requests a minute, each counted apart. */
export type Rates = {
  /** `context`, `action` and `diff` of one session together. Default 60. */
  agent: number
  /** `extend` of one session. Default 10. */
  extend: number
  /** User edits of one session, socket and HTTP together. Default 600. */
  edits: number
  /** Failed token checks of one session from one address; a right token is never locked out. Default 20. */
  failedTokens: number
  /** Sessions created from one address. Default 30. */
  creations: number
}

/** The rates of a server that was not told others. */
export const defaultRates: Rates = { agent: 60, extend: 10, edits: 600, failedTokens: 20, creations: 30 }

/** Lifetime of a session, in seconds. */
export const defaultLifetime = {
  ttlSeconds: 1800,
  /** However often a session is extended, it ends at this age. */
  maxLifetimeSeconds: 604_800,
  /** What `extend` grants when it is not told. */
  extendSeconds: 1800,
  /** The most that one `extend` grants. */
  maxExtendSeconds: 86_400,
}

/** Why a value is refused for its size, or undefined when it is fine. */
export function sizeProblem(
  value: unknown,
  limits: Pick<Limits, 'valueBytes' | 'depth'> = defaultLimits,
): 'value too large' | 'value too deep' | undefined {
  // Depth first: measuring the bytes of a hostile value recurses, walking its depth does not.
  if (isDeeperThan(value, limits.depth)) return 'value too deep'
  return jsonBytes(value) > limits.valueBytes ? 'value too large' : undefined
}

/** The pause after each streamed action: what was asked for, but short enough for the whole batch. */
export function pauseMs(
  askedMs: number,
  actions: number,
  limits: Pick<Limits, 'intervalMs' | 'batchMs'> = defaultLimits,
): number {
  const share = Math.floor(limits.batchMs / Math.max(1, actions))
  return Math.max(0, Math.min(askedMs, limits.intervalMs, share))
}
