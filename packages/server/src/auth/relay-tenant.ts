import { kernelErrors } from '@parley/kernel/errors'
import { type Principal, type Tenant, toIdentity } from '@parley/kernel/principal'
import type { Within } from '@parley/relay'

/** The tenant of the relay that a map of ours is: `{ org: 'acme' }` is `acme`, every other map none. */
export function relayTenantOf(tenant: Tenant): string | undefined {
  const entries = Object.entries(tenant)
  return entries.length === 1 && entries[0]![0] === 'org' ? entries[0]![1] : undefined
}

/**
 * What of the relay a caller sees: everything without a tenant, else its own; `asked` narrows it. Throws `kernel.forbidden` for a
 * tenant that is none of the relay's, and for another one than the caller's.
 */
export function relayWithin(who: Principal, asked?: string): Within {
  const by = toIdentity(who)
  if (Object.keys(who.tenant).length === 0) return { by, ...(asked !== undefined && { tenant: asked }) }
  const own = relayTenantOf(who.tenant)
  if (own === undefined)
    throw kernelErrors.forbidden({
      message: 'Only a tenant such as org=acme has gateways.',
      details: { tenant: who.tenant },
    })
  if (asked !== undefined && asked !== own) throw kernelErrors.forbidden({ details: { tenant: asked } })
  return { by, tenant: own }
}
