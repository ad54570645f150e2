import type { Tenant } from './principal.js'

/** Most entries for which the caller's subsets are listed; past it a store falls back to a predicate. */
export const maxTenantEntries = 8

/** Every entry that the subject declares is present on the caller with the same value. */
export function isVisible(subject: Tenant, caller: Tenant): boolean {
  return Object.entries(subject).every(([key, value]) => Object.hasOwn(caller, key) && caller[key] === value)
}

/** Canonical text of a tenant map: entries sorted by key, as stored in a `tenant_key` column. */
export function tenantKey(tenant: Tenant): string {
  return JSON.stringify(Object.entries(tenant).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
}

/**
 * Keys of every tenant the caller can see: one for each subset of its map, so that visibility is
 * plain equality on an index. Throws past `maxTenantEntries` entries.
 */
export function visibleTenantKeys(caller: Tenant): string[] {
  const entries = Object.entries(caller)
  if (entries.length > maxTenantEntries)
    throw new RangeError(`A tenant map has at most ${maxTenantEntries} entries.`)
  const subsets: [string, string][][] = [[]]
  for (const entry of entries) subsets.push(...subsets.map((set) => [...set, entry]))
  return subsets.map((subset) => tenantKey(Object.fromEntries(subset)))
}
