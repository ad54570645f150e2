import type { ThreadsDeps } from '../deps.js'

/** How long a run outlives its node. */
export const leaseMs = 10_000

/** Until when this node answers for a run that it looks at now. */
export const leaseEnd = ({ ground }: Pick<ThreadsDeps, 'ground'>): number =>
  ground.clock.micros() + leaseMs * 1_000
