// Which bot a `hello` is for (contract 2.6). The tenant is the verified one, whatever a frame says.

import { type BotIdentity, type CapabilityDescriptor, frameText } from '../protocol/index.js'
import type { Bots, RelayDeps } from '../service/deps.js'

export type Introduced = { identity: BotIdentity; descriptor: CapabilityDescriptor }

/** Undefined when the tenant may not use that bot now, or there is none. Rejects when the store can't be asked. */
export async function introduce(
  { store }: Pick<RelayDeps, 'store'>,
  bots: Pick<Bots, 'get'>,
  tenant: string,
  hello: BotIdentity,
): Promise<Introduced | undefined> {
  if (!isUnconfigured(hello)) {
    const isProvisioned = await store.bots.isProvisioned(tenant, hello)
    return isProvisioned ? usable(bots, tenant, hello) : undefined
  }
  const provisioned = await store.bots.listProvisioned(tenant)
  const all = provisioned.flatMap((identity) => usable(bots, tenant, identity) ?? [])
  return all.length === 1 ? all[0] : undefined
}

export const descriptorText = ({ descriptor }: Introduced): string =>
  frameText({ type: 'descriptor', descriptor })

/** What a gateway without any platform in its configuration says. */
const isUnconfigured = ({ platform, botId }: BotIdentity): boolean => platform === 'relay' && botId === ''

function usable(
  bots: Pick<Bots, 'get'>,
  tenant: string,
  { platform, botId }: BotIdentity,
): Introduced | undefined {
  const identity = { platform, botId }
  const open = bots.get(identity)
  if (!open) return undefined
  const { tenants } = open.row
  const isAllowed = tenants === null || tenants.includes(tenant)
  return isAllowed ? { identity, descriptor: open.bot.descriptor } : undefined
}
