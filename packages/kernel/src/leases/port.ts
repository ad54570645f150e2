import type { Op } from '../db/port.js'
import type { NodeId } from '../ids/index.js'

/** The right to do one piece of work, until it is released, lost or taken over. */
export interface Lease extends AsyncDisposable {
  readonly name: string
  /** Grows by one with every holder. */
  readonly epoch: number
  /** Put this into every unit committed under the lease: it refuses the unit once the epoch has moved on. */
  guard(): Op
  /** Aborts when a heartbeat found the lease gone. */
  readonly lost: AbortSignal
  /** Gives the lease back; harmless when it was lost. */
  release(): Promise<void>
  /** The release as a statement, to end the work and the lease in one unit. After its commit call `release` as well: it only stops the heartbeat. */
  releaseOp(): Op
}

export interface Leases {
  /** Waits for the lease. Rejects with the signal's reason. `ttlMs` (default 10,000): how long it outlives a dead holder. */
  acquire(name: string, options?: { ttlMs?: number; signal?: AbortSignal }): Promise<Lease>
  /** The lease when it is free now. */
  tryAcquire(name: string, options?: { ttlMs?: number }): Promise<Lease | undefined>
  /** Who holds it now. */
  holder(name: string): Promise<{ node: NodeId; epoch: number } | undefined>
  close(): Promise<void>
}
