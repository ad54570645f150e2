import { isJsonObject } from '@parley/kernel/wire'
import * as z from 'zod/mini'
import { defaultLimits, type Limits } from './limits.js'

/** A flat map from names to values, for example `{"org": "acme"}`. `{}` is public. */
export type TenantScope = Record<string, string>

/**
 * The tenant of a thread. A value that is not a string is refused. Also a key named `__proto__` counts: one that got
 * lost on the way would make the thread public.
 */
export function tenantSchema({ tenantEntries }: Pick<Limits, 'tenantEntries'> = defaultLimits) {
  return TenantScope.check(
    z.refine((tenant) => Object.keys(tenant).length <= tenantEntries, {
      error: `must have at most ${tenantEntries} entries`,
    }),
  )
}

/** Reads a tenant of any size. */
export const TenantScope = z
  .custom<TenantScope>(isJsonObject, { error: 'must be an object' })
  .check((scope) => {
    for (const [key, input] of Object.entries<unknown>(scope.value)) {
      if (typeof input !== 'string')
        scope.issues.push({ code: 'custom', path: [key], input, message: 'must be a string' })
    }
  })

/** The tenant of an identity, from its metadata. What is not an object is `{}`; values that are not strings are dropped. */
export function tenantOf(identity: { readonly metadata: Readonly<Record<string, unknown>> }): TenantScope {
  const { tenant } = identity.metadata
  if (!isJsonObject(tenant)) return {}
  const texts = Object.entries(tenant).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  )
  return Object.fromEntries(texts)
}

/** True when the identity has every entry that the thread declares; further entries of the identity do not matter. */
export function tenantMatches(
  threadTenant: Readonly<TenantScope>,
  identityTenant: Readonly<TenantScope>,
): boolean {
  return Object.entries(threadTenant).every(
    ([key, value]) => Object.hasOwn(identityTenant, key) && identityTenant[key] === value,
  )
}
