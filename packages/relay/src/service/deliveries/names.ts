import type { InstanceKey } from '../../store/port.js'

/** One text for both parts of a key. */
export const nameOf = ({ tenant, instanceId }: InstanceKey): string => JSON.stringify([tenant, instanceId])

export const toKey = ({ tenant, instanceId }: InstanceKey): InstanceKey => ({ tenant, instanceId })
