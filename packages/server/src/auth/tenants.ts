import { isVisible, maxTenantEntries, type Principal, type Tenant } from '@parley/kernel/principal'
import * as z from 'zod'
import { serverErrors } from '../errors.js'

// Postgres takes no NUL, half of a surrogate pair has no UTF-8, and control characters would reach terminals.
const plain = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[^\p{Cc}\p{Surrogate}]*$/u, 'must not hold control characters')

const entries = z.record(plain, plain).refine((tenant) => Object.keys(tenant).length <= maxTenantEntries, {
  error: `must have at most ${maxTenantEntries} entries`,
})

// OUTSIDE: zod's records leave out a key of this name without a word, which would make the tenant wider.
const isSafe = (value: unknown): boolean =>
  typeof value !== 'object' || value === null || !Object.hasOwn(value, '__proto__')

/** The tenant of a key: a flat map of text, of at most as many entries as every plane can look up. */
export const TenantMap = z.preprocess((value) => (isSafe(value) ? value : null), entries)

/** Throws `server.outside_tenant` when the giver has an entry that `tenant` lacks: nobody gives wider than they are. */
export function assertWithin(who: Principal, tenant: Tenant): void {
  if (!isVisible(who.tenant, tenant)) throw serverErrors.outsideTenant({ details: { tenant: who.tenant } })
}
