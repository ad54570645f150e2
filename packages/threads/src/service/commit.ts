import type { Unit, UnitResult } from '@parley/kernel/log'
import type { ThreadsDeps } from './deps.js'

/** Commits a unit of the plane. Durable when it resolves; see `Log.commit` for its outcomes. */
export type Commit = (unit: Unit) => Promise<UnitResult>

/**
 * The one way in which the plane appends: whatever has to leave with an event (webhooks) is put into the unit of that event,
 * and whoever is told of events besides the log (a broadcaster) is told after the commit.
 */
export function createCommit({ ground }: Pick<ThreadsDeps, 'ground'>): Commit {
  return (unit) => ground.log.commit(unit)
}
