import { kernelErrors } from '@parley/kernel/errors'
import type { Tenant } from '@parley/kernel/principal'
import * as z from 'zod'

/** Values of `tenant` in a query, such as `org=acme`. */
export const TenantEntries = z.array(z.string().regex(/^[^=]+=.+$/s, 'must be like org=acme')).max(32)

/** What the API page says of them: the query gives `tenant` once for each. */
export const TenantQuery = z.object({ tenant: z.array(z.string()).optional() })

/** The map they make. Throws `kernel.invalid_request` for a name with two values. */
export function toTenant(entries: readonly string[]): Tenant {
  const pairs = entries.map((entry): [string, string] => {
    const at = entry.indexOf('=')
    return [entry.slice(0, at), entry.slice(at + 1)]
  })
  const tenant = Object.fromEntries(pairs)
  if (pairs.some(([key, value]) => tenant[key] !== value))
    throw kernelErrors.invalidRequest({ message: 'A name of the tenant can be asked for once.' })
  return tenant
}
