import type { Identity } from '@parley/kernel/principal'
import { relayErrors } from '../../errors.js'
import type { GatewayRow, InstanceKey } from '../../store/port.js'
import { changed } from '../changes.js'
import type { Deliveries, RelayDeps } from '../deps.js'
import { newInstance } from '../new-instance.js'
import { knownOf } from './admission.js'
import { commitSteps, type Step } from './commit-steps.js'

/** How gateways and instances end (7.7). Each may be asked for again: the second time changes nothing. */
export interface Lifecycle {
  /** Deletes a gateway's secrets and closes its sockets; with the last one of an instance goes the instance. Throws `gateway_not_found`. */
  revoke(by: Identity, gatewayId: string): Promise<void>
  /** Revokes all of an instance's gateways and forgets all that it has. */
  deprovision(by: Identity, key: InstanceKey): Promise<void>
  /** Deprovisions an instance that has no gateway any more. */
  removeIfUnused(by: Identity, key: InstanceKey): Promise<void>
}

type Parts = { deliveries: Pick<Deliveries, 'revoke'> }

export function createLifecycle({ store, ground }: RelayDeps, { deliveries }: Parts): Lifecycle {
  const { gateways, instances, media } = store

  return {
    revoke: async (by, gatewayId) => {
      const row = await gateways.find(gatewayId)
      if (!row) throw relayErrors.gatewayNotFound()
      const others = (await liveOf(row)).filter((other) => other.gatewayId !== gatewayId)
      if (others.length > 0) await revokeOne(by, gatewayId)
      // Also when there were others: two that went at the same time took each other for the last one.
      await removeIfUnused(by, row, gatewayId)
      // After the commits: who was closed dials at once, and must be refused then.
      deliveries.revoke({ gatewayId })
    },
    deprovision,
    removeIfUnused: (by, key) => removeIfUnused(by, key),
  }

  async function revokeOne(by: Identity, gatewayId: string): Promise<void> {
    await commitSteps(ground.log, async () => {
      const row = await gateways.find(gatewayId)
      const rows = row && row.revokedAt === null ? [row] : []
      return {
        steps: rows.map(revokeStep),
        appends: rows.map((gone) => revoked(by, gone)),
        answer: undefined,
      }
    })
  }

  async function removeIfUnused(by: Identity, key: InstanceKey, going?: string): Promise<void> {
    const live = await liveOf(key)
    if (live.every(({ gatewayId }) => gatewayId === going)) await deprovision(by, key)
  }

  async function deprovision(by: Identity, { tenant, instanceId }: InstanceKey): Promise<void> {
    const key = { tenant, instanceId }
    const stream = await commitSteps(ground.log, async () => {
      const [rows, instance] = [await liveOf(key), await instances.find(key)]
      if (rows.length === 0 && !instance) return { steps: [], appends: [], answer: undefined }
      const appends = [
        ...rows.map((row) => revoked(by, row)),
        changed('relay.instance.deprovisioned', by, { tenant, instanceId }),
      ]
      const forget = { ops: [...media.removeOf(key), ...instances.remove(key)] }
      return { steps: [...rows.map(revokeStep), forget], appends, answer: instance?.stream }
    })
    deliveries.revoke(key)
    if (stream !== undefined) await ground.log.drop(stream)
    await keepForNewcomers(key)
  }

  /** A gateway that was admitted between the reading and the removal has an instance again. */
  async function keepForNewcomers(key: InstanceKey): Promise<void> {
    if ((await liveOf(key)).length === 0 || (await instances.find(key))) return
    const row = newInstance(key, `relay-buffer:${ground.ids.hex(16)}`, ground.clock.micros())
    await ground.log.commit({ ops: [instances.insert(row)], appends: [] })
  }

  async function liveOf({ tenant, instanceId }: InstanceKey): Promise<GatewayRow[]> {
    const rows = await gateways.list({ tenant, instanceId })
    return rows.filter(({ revokedAt }) => revokedAt === null)
  }

  function revokeStep(row: GatewayRow): Step {
    const gone = { secrets: [], revokedAt: ground.clock.micros() }
    return { ops: [gateways.change(row.gatewayId, gone, knownOf(row))] }
  }
}

const revoked = (by: Identity, { tenant, gatewayId, instanceId }: GatewayRow) =>
  changed('relay.gateway.revoked', by, { tenant, gatewayId, instanceId })
