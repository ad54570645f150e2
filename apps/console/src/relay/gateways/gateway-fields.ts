import type { BotIdentity, BotView, NewGateway } from '@parley/relay/protocol'

/** What a person has filled in. */
export type GatewayFields = {
  tenant: string
  gatewayId: string
  instanceId: string
  displayName: string
  wakeUrl: string
  /** Undefined: all that the tenant may use. */
  bots: readonly BotIdentity[] | undefined
}

/** What was left empty is decided by the server. */
export function newGatewayOf({ tenant, bots, ...rest }: GatewayFields): NewGateway {
  const given = Object.entries(rest)
    .map(([name, value]) => [name, value.trim()] as const)
    .filter(([, value]) => value !== '')
  return { tenant: tenant.trim(), ...Object.fromEntries(given), ...(bots && { bots }) }
}

/** Bots that a tenant may use. */
export const usableBy = (tenant: string, bots: readonly BotView[]): BotView[] =>
  bots.filter(({ tenants }) => tenants === null || tenants.includes(tenant.trim()))
