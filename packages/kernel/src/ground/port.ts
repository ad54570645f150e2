import type { Bus } from '../bus/index.js'
import type { Database } from '../db/index.js'
import type { Clock, Ids, NodeId } from '../ids/index.js'
import type { Leases } from '../leases/index.js'
import type { Log, LogLimits } from '../log/index.js'

/** What a plane stands on, and the one replaceable thing. */
export interface Ground {
  /** Who this process is among those that share the ground. */
  readonly node: NodeId
  readonly db: Database
  readonly log: Log
  readonly bus: Bus
  readonly leases: Leases
  readonly clock: Clock
  readonly ids: Ids
  /** Gives leases back, commits what was accepted, then closes bus and database. Calling it twice is harmless. */
  close(): Promise<void>
}

export type GroundOptions = {
  /** `:memory:` (default), a directory path for a SQLite file, or a `postgres://` URL. */
  database?: string
  /** Default `memory`; `postgres` and `redis` need a Postgres database, and `redis` a `redisUrl`. */
  bus?: 'memory' | 'postgres' | 'redis'
  /** `redis://` or `rediss://` URL of the Redis over which the nodes meet. */
  redisUrl?: string
  /** Begins the names of its channels (`parley`); grounds that share a Redis and no database need different ones. */
  redisPrefix?: string
  /** Default: apply what is missing. `false`: refuse an unmigrated database. */
  migrate?: boolean
  clock?: Clock
  ids?: Ids
  /** Default: a new id. */
  node?: NodeId
  limits?: Partial<LogLimits>
  /** Told of faults that have no caller, such as a lost database connection. */
  onFault?(error: unknown, where: string): void
}
