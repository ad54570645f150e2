import type { SpoolPosition } from '../../protocol/index.js'

/** What a spool holds, as its `hello` said it. */
export type SpoolExtent = { epoch: string; n: number; oldest: number }

/**
 * The number after which events are sent to a server that has everything up to `acked`; nothing when the two do not fit
 * together and the spool needs a new epoch (section 13.6).
 */
export function resumePoint(spool: SpoolExtent, acked: SpoolPosition): number | undefined {
  const after = acked.epoch === spool.epoch ? acked.n : 0
  return after >= spool.oldest - 1 && after <= spool.n ? after : undefined
}
