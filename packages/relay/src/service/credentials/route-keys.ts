import { relayErrors } from '../../errors.js'
import type { RelayDeps } from '../deps.js'
import type { Step } from './commit-steps.js'

/** Most scopes and chats that one tenant claims. */
const mostKeys = 50_000

/** The statements that claim scopes and chats for a tenant. Throws `relay.route_key_taken`. */
export async function routeKeyStep(
  { store: { routing }, ground }: RelayDeps,
  claim: { tenant: string; platform: string; keys: readonly string[] },
): Promise<Step> {
  const { tenant, platform, keys } = claim
  if (keys.length === 0) return { ops: [] }
  const owners = await routing.ownersOf(platform, keys)
  if (owners.some((owner) => owner.tenant !== tenant)) throw relayErrors.routeKeyTaken()
  if (owners.length < keys.length) await assertRoom(keys.length - owners.length)
  // Refused when another tenant was faster: the next plan sees it above.
  return { ops: routing.claimKeys({ ...claim, at: ground.clock.micros() }) }

  async function assertRoom(more: number): Promise<void> {
    const kept = await routing.listKeys({ tenant })
    if (kept.length + more > mostKeys)
      throw relayErrors.conflict({ message: `a tenant claims at most ${mostKeys} route keys` })
  }
}
