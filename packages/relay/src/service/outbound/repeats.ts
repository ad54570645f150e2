import type { Clock } from '@parley/kernel/ids'
import { limits, type OutboundResult } from '../../protocol/index.js'

type Remembered = { at: number; answer: Promise<OutboundResult> }
/** Of one link. Two maps: the older one goes as a whole when the newer one is full, or the older one out of date. */
type Requests = { newer: Map<string, Remembered>; older: Map<string, Remembered>; since: number }

/** The most requests of one link that are remembered; half of them are the least, before any is out of date. */
const mostRequests = 16_384

/** What links were answered, so that a request that comes again is not done again (contract 2.8). */
export function createRepeats(clock: Clock) {
  const links = new Map<string, Requests>()

  return {
    /** Does it the first time; afterwards the first answer, also while it is still under way. */
    once(linkId: string, requestId: string, work: () => Promise<OutboundResult>): Promise<OutboundResult> {
      const now = clock.now()
      const requests = links.get(linkId) ?? { newer: new Map(), older: new Map(), since: now }
      links.set(linkId, requests)
      const known = requests.newer.get(requestId) ?? requests.older.get(requestId)
      if (known && known.at > now - limits.repeatMs) return known.answer
      turnOver(requests, now)
      const answer = work()
      requests.newer.set(requestId, { at: now, answer })
      return answer
    },
    forget: (linkId: string) => void links.delete(linkId),
  }
}

// WHY: one that forgot the oldest of one map each time would look, each time, at all the places that it has left empty there.
function turnOver(requests: Requests, now: number): void {
  const isFull = requests.newer.size >= mostRequests / 2
  if (!isFull && requests.since > now - limits.repeatMs) return
  requests.older = requests.newer
  requests.newer = new Map()
  requests.since = now
}
