import type { StreamId } from '../ids/index.js'
import type { CommitGroup } from './journal.js'
import type { StoredEvent, UnitResult } from './port.js'

/** All committed events of a batch by stream, each stream's in order; both journals tell their listeners so. */
export function toGroup(results: readonly (UnitResult | { outcome: string })[]): CommitGroup {
  const streams = new Map<StreamId, StoredEvent[]>()
  for (const result of results) {
    if (result.outcome !== 'committed' || !('appended' in result)) continue
    for (const { stream, events } of result.appended) {
      const known = streams.get(stream)
      if (known) known.push(...events)
      else streams.set(stream, [...events])
    }
  }
  return Array.from(streams, ([stream, events]) => ({ stream, events }))
}
