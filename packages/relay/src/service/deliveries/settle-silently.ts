import type { InstanceKey } from '../../store/port.js'
import type { RelayDeps } from '../deps.js'

const attempts = 8
const pauseMs = { first: 250, most: 10_000 }

/**
 * Settles entries of a gateway of the first era, which can't acknowledge. Tries again while the store fails and `may` allows it;
 * resolves with whether they are settled.
 */
export async function settleSilently(
  { ground, store, onFault }: RelayDeps,
  key: InstanceKey,
  bufferIds: readonly string[],
  may: () => boolean,
): Promise<boolean> {
  for (let attempt = 0, pause = pauseMs.first; attempt < attempts && may(); attempt++) {
    try {
      const ops = bufferIds.map((bufferId) => store.entries.settle(key, bufferId))
      await ground.log.commit({ ops, appends: [] })
      return true
    } catch (error) {
      onFault(error, 'relay.deliveries')
      await ground.clock.sleep(pause)
      pause = Math.min(pause * 2, pauseMs.most)
    }
  }
  return false
}
