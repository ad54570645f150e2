import type { Append } from '@parley/kernel/log'
import type { Identity } from '@parley/kernel/principal'

/** The stream of everything that operators, gateways and people change. */
export const changesStream = 'relay-changes:all'

/** Who acts where nobody else does. */
export const relayIdentity: Identity = { kind: 'system', id: 'relay' }

export type ChangeType =
  | `relay.gateway.${'enrolled' | 'provisioned' | 'rotated' | 'revoked'}`
  | `relay.instance.${'changed' | 'deprovisioned'}`
  | `relay.link.${'bound' | 'unbound'}`
  | `relay.scope.${'claimed' | 'released'}`
  | 'relay.policy.set'
  | `relay.bot.${'added' | 'changed' | 'removed'}`
  | 'relay.receipt.retried'

/** The event of a change, for the unit that makes it. `detail` holds no secret. */
export function changed(
  type: ChangeType,
  by: Identity,
  detail: { tenant: string | null } & Record<string, unknown>,
): Append {
  return { stream: changesStream, drafts: [{ type, actor: by, body: detail }] }
}

/** A gateway as an actor. */
export const gatewayIdentity = (gateway: { gatewayId: string; tenant: string }): Identity => ({
  kind: 'gateway',
  id: gateway.gatewayId,
  tenant: { org: gateway.tenant },
})
