import { relayErrors } from '../../errors.js'
import type { InstanceKey, PrincipalPolicy, RelayStore, RelevancePolicy } from '../../store/port.js'
import { type Members, readFlag, readId, readIds, readMembers } from '../credentials/read-members.js'

/** The body of 8.4, whole: what it does not say has its default. Throws `relay.invalid_request`. */
export function readRelevance(body: unknown): { platform: string; policy: RelevancePolicy } {
  const members = readMembers(body)
  const policy = {
    requireAddress: readFlag(members, 'requireAddress', true),
    freeResponseScopes: readIds(members, 'freeResponseScopes'),
    allowOtherBots: readFlag(members, 'allowOtherBots', false),
  }
  return { platform: readId(members, 'platform'), policy }
}

/** Who besides the owner an instance listens to (8.5). Throws `relay.invalid_request`. */
export function readPrincipals(body: unknown): { platform: string; policy: PrincipalPolicy } {
  const members = readMembers(body)
  const policy = { policy: readPolicy(members), userIds: readIds(members, 'userIds') }
  return { platform: readId(members, 'platform'), policy }
}

const policies = ['owner-only', 'allow-list', 'any'] as const

function readPolicy({ policy }: Members): PrincipalPolicy['policy'] {
  const found = policies.find((name) => name === policy)
  if (!found) throw relayErrors.invalidRequest({ message: `policy must be one of ${policies.join(', ')}` })
  return found
}

/** Platforms for which one instance says something: their names are the gateway's own words. */
const mostPlatforms = 64

/** Throws `relay.conflict` when the instance has said something of too many platforms. */
export async function assertRoomForPolicy(
  { routing }: Pick<RelayStore, 'routing'>,
  { tenant, instanceId }: InstanceKey,
  platform: string,
): Promise<void> {
  const key = { tenant, instanceId }
  if ((await routing.relevance(key, platform)) || (await routing.principals(key, platform))) return
  const own = (await routing.listPolicies({ tenant })).filter((row) => row.instanceId === instanceId)
  if (own.length >= mostPlatforms)
    throw relayErrors.conflict({ message: `an instance has policies for at most ${mostPlatforms} platforms` })
}
