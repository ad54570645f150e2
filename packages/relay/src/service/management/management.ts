import { relayErrors } from '../../errors.js'
import type { Lifecycle } from '../credentials/index.js'
import { readId, readMembers, readWakeUrl } from '../credentials/read-members.js'
import type { Bots, Gateway, RelayDeps } from '../deps.js'
import type { Links } from '../links/index.js'
import { actorOf, createCommitFor } from './commit-for.js'
import { assertRoomForPolicy, readPrincipals, readRelevance } from './policies.js'
import { createScopes } from './scopes.js'

/** What a gateway decides of its own instance (8.4, 8.5). Bodies come unread; what they say of tenant and instance is not looked at. */
export interface Management {
  setPolicy(gateway: Gateway, body: unknown): Promise<void>
  setPrincipals(gateway: Gateway, body: unknown): Promise<void>
  claimScope(gateway: Gateway, body: unknown): Promise<void>
  releaseScope(gateway: Gateway, body: unknown): Promise<void>
  /** Throws `not_found` for somebody who is not linked to this instance. */
  setDmDefault(gateway: Gateway, body: unknown): Promise<void>
  setWakeUrl(gateway: Gateway, body: unknown): Promise<void>
  deprovision(gateway: Gateway): Promise<void>
}

type Parts = {
  lifecycle: Pick<Lifecycle, 'deprovision'>
  bots: Pick<Bots, 'list'>
  links: Pick<Links, 'setDmDefault'>
}

export function createManagement(deps: RelayDeps, { lifecycle, bots, links }: Parts): Management {
  const { routing, instances } = deps.store
  const commitFor = createCommitFor(deps)
  const scopes = createScopes(deps, { bots, commitFor })

  return {
    setPolicy: async (gateway, body) => {
      const { platform, policy } = readRelevance(body)
      await assertRoomForPolicy(deps.store, gateway, platform)
      const step = { ops: [routing.setRelevance(gateway, platform, policy)] }
      await commitFor(gateway, { type: 'relay.policy.set', detail: { platform, relevance: policy }, step })
    },
    setPrincipals: async (gateway, body) => {
      const { platform, policy } = readPrincipals(body)
      await assertRoomForPolicy(deps.store, gateway, platform)
      const step = { ops: [routing.setPrincipals(gateway, platform, policy)] }
      await commitFor(gateway, { type: 'relay.policy.set', detail: { platform, principals: policy }, step })
    },
    claimScope: (gateway, body) => scopes.claim(gateway, body),
    releaseScope: (gateway, body) => scopes.release(gateway, body),
    setDmDefault: async (gateway, body) => {
      const members = readMembers(body)
      const person = { platform: readId(members, 'platform'), userId: readId(members, 'userId') }
      const { tenant, instanceId } = gateway
      await links.setDmDefault({ tenant, instanceId }, person, actorOf(gateway))
    },
    setWakeUrl: async (gateway, body) => {
      const members = readMembers(body)
      if (members.wakeUrl === undefined)
        throw relayErrors.invalidRequest({ message: 'wakeUrl must be an address or null' })
      const wakeUrl = readWakeUrl(members) ?? null
      const step = { ops: [instances.change(gateway, { wakeUrl })], refused: () => relayErrors.notFound() }
      // The address may hold a secret of whoever runs the instance: the event only says whether there is one.
      const detail = { canBeWoken: wakeUrl !== null }
      await commitFor(gateway, { type: 'relay.instance.changed', detail, step })
    },
    deprovision: (gateway) => lifecycle.deprovision(actorOf(gateway), gateway),
  }
}
