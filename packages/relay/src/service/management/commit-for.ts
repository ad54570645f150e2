import type { Identity } from '@parley/kernel/principal'
import { relayErrors } from '../../errors.js'
import { type ChangeType, changed, gatewayIdentity } from '../changes.js'
import { knownOf } from '../credentials/admission.js'
import { commitSteps, type Step } from '../credentials/commit-steps.js'
import type { Gateway, RelayDeps } from '../deps.js'

/** What a gateway changes of its own. */
export type Change = { type: ChangeType; detail: Readonly<Record<string, unknown>>; step: Step }

/** Commits a change of a gateway that is still there, with its event. Throws `relay.not_found` when it is gone. */
export type CommitFor = (gateway: Gateway, change: Change) => Promise<void>

export function createCommitFor({ store, ground }: RelayDeps): CommitFor {
  return (gateway, { type, detail, step }) => {
    const { tenant, instanceId, gatewayId } = gateway
    const event = changed(type, actorOf(gateway), { tenant, instanceId, ...detail })
    return commitSteps(ground.log, async () => {
      const row = await store.gateways.find(gatewayId)
      if (!row || row.revokedAt !== null || row.instanceId !== instanceId) throw relayErrors.notFound()
      // WHY: a guard. What an instance has must not be written after it was forgotten: nobody could release it.
      const guard = { ops: [store.gateways.change(gatewayId, {}, knownOf(row))] }
      return { steps: [guard, step], appends: [event], answer: undefined }
    })
  }
}

/** Who changes something: the gateway itself, or the operator in its place. */
export const actorOf = (gateway: Gateway): Identity =>
  gateway.operator === undefined
    ? gatewayIdentity(gateway)
    : { kind: 'user', id: gateway.operator, tenant: { org: gateway.tenant } }
