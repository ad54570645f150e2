import type { Micros } from '@parley/kernel/ids'
import type { InstanceKey, InstanceRow } from '../store/port.js'

/** An instance that nothing was ever sent to. */
export function newInstance(
  { tenant, instanceId }: InstanceKey,
  stream: string,
  createdAt: Micros,
): InstanceRow {
  return {
    tenant,
    instanceId,
    stream,
    displayName: null,
    wakeUrl: null,
    state: 'vacant',
    node: null,
    epoch: 1,
    liveUntil: null,
    pokedAt: null,
    ackedAt: null,
    appended: 0,
    dropped: 0,
    createdAt,
  }
}
