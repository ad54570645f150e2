import type { Micros } from '@parley/kernel/ids'
import { relayErrors } from '../../errors.js'
import type { GatewayRow, GatewaySecret, InstanceKey } from '../../store/port.js'
import type { ChangeType } from '../changes.js'
import type { RelayDeps } from '../deps.js'
import { newInstance } from '../new-instance.js'
import type { Step } from './commit-steps.js'
import { firstSecret, isRotationDue, rotatedSecrets, type Secrets } from './secrets.js'

/** What a gateway is to be. What is absent stays as it is. */
export type Wanted = {
  tenant: string
  gatewayId: string
  /** Absent for a new one: the gateway's own id. */
  instanceId?: string | undefined
  displayName?: string | undefined
  wakeUrl?: string | undefined
}

/** `always`: a new secret. `wanted`: one unless there was one just now. `when-due`: one when the old one is old, or the instance changes (8.2). */
export type Rotation = 'always' | 'wanted' | 'when-due'

/** The statements that make a gateway what it is to be, and what it is told. */
export type Admitted = {
  steps: Step[]
  secret: string
  key: InstanceKey
  change: Extract<ChangeType, 'relay.gateway.rotated'> | null
  /** The instance that it leaves. */
  former?: InstanceKey
}

export type Admit = (wanted: Wanted, rotation: Rotation) => Promise<Admitted>

/** Throws `relay.gateway_refused` for another tenant's id, and `relay.too_many_gateways`. */
export function createAdmit({ store, ground, options }: RelayDeps, secrets: Secrets): Admit {
  const { gateways, instances } = store

  return async (wanted, rotation) => {
    const row = await gateways.find(wanted.gatewayId)
    if (row && row.tenant !== wanted.tenant) throw relayErrors.gatewayRefused()
    const now = ground.clock.micros()
    if (row && row.revokedAt === null) return admitAgain(row, wanted, rotation, now)

    if ((await gateways.count(wanted.tenant)) >= options.limits.gatewaysPerTenant)
      throw relayErrors.tooManyGateways()
    return admitNew(row, wanted, now)
  }

  /** The first time, or anew after it was revoked: nothing of its former life is accepted again. */
  function admitNew(revoked: GatewayRow | undefined, wanted: Wanted, now: Micros): Admitted {
    const { gatewayId, tenant, instanceId = gatewayId } = wanted
    const secret = secrets.create()
    const list = firstSecret(secrets.seal(gatewayId, secret), now)
    const fresh = { instanceId, secrets: list, createdAt: now, revokedAt: null }
    const op = revoked
      ? gateways.change(gatewayId, fresh, knownOf(revoked))
      : gateways.insert({ ...fresh, gatewayId, tenant, lastSeenAt: null })
    const key = { tenant, instanceId }
    return { steps: [{ ops: [op] }, instanceStep(key, wanted, now)], secret, key, change: null }
  }

  function admitAgain(row: GatewayRow, wanted: Wanted, rotation: Rotation, now: Micros): Admitted {
    const { gatewayId, tenant } = row
    const instanceId = wanted.instanceId ?? row.instanceId
    const isMoving = instanceId !== row.instanceId
    const isRotated = rotation === 'always' || isRotationDue(row, rotation === 'wanted' || isMoving, now)
    const { secret, list } = isRotated ? rotate(row, now) : keep(row)
    const op = gateways.change(gatewayId, { instanceId, secrets: list }, knownOf(row))
    const key = { tenant, instanceId }
    return {
      steps: [{ ops: [op] }, instanceStep(key, wanted, now)],
      secret,
      key,
      change: isRotated ? 'relay.gateway.rotated' : null,
      ...(isMoving && { former: { tenant, instanceId: row.instanceId } }),
    }
  }

  function rotate(row: GatewayRow, now: Micros): { secret: string; list: GatewaySecret[] } {
    const secret = secrets.create()
    return { secret, list: rotatedSecrets(row.secrets, secrets.seal(row.gatewayId, secret), now) }
  }

  function keep(row: GatewayRow): { secret: string; list: readonly GatewaySecret[] } {
    return { secret: secrets.open(row.gatewayId, knownOf(row).primary), list: row.secrets }
  }

  function instanceStep(key: InstanceKey, { displayName, wakeUrl }: Wanted, now: Micros): Step {
    const change = {
      ...(displayName !== undefined && { displayName }),
      ...(wakeUrl !== undefined && { wakeUrl }),
    }
    const ops = [instances.insert(newInstance(key, `relay-buffer:${ground.ids.hex(16)}`, now))]
    if (Object.keys(change).length > 0) ops.push(instances.change(key, change))
    return { ops }
  }
}

/** For guards: what the row's secrets were when it was read. */
export const knownOf = ({ secrets: [primary] }: GatewayRow): { primary: string } => ({
  primary: primary?.sealed ?? '',
})
