import type { Unit, UnitResult } from '@parley/kernel/log'
import type { Broadcasts } from './broadcasts.js'
import type { Webhooks } from './webhooks/index.js'

/** Commits a unit of the plane. Durable when it resolves; see `Log.commit` for its outcomes. */
export type Commit = (unit: Unit) => Promise<UnitResult>

/**
 * The one way in which the plane appends: whatever has to leave with an event (webhooks) is put into the unit of that event,
 * and whoever is told of events besides the log (a broadcaster) is told after the commit.
 */
export function createCommit({ webhooks, broadcasts }: CommitParts): Commit {
  if (!broadcasts) return (unit) => webhooks.commit(unit)
  return async (unit) => {
    const result = await webhooks.commit(unit)
    if (result.outcome === 'committed') broadcasts.committed(result.appended)
    return result
  }
}

type CommitParts = {
  webhooks: Pick<Webhooks, 'commit'>
  broadcasts: Pick<Broadcasts, 'committed'> | undefined
}
