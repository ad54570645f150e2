import type { Identity as Actor } from '@parley/kernel/principal'
import { threadsErrors } from '../errors.js'
import { type Identity, NamespaceViolation, tenantOf, validateNamespaceValue } from '../protocol/index.js'
import type { TenantMap } from '../store/port.js'
import type { HandshakeData, ResolvedOptions } from './options.js'

/** Who calls: the identity, its tenant, and with `namespaceKeys` its namespace. */
export type Caller = {
  readonly identity: Identity
  readonly tenant: TenantMap
  /** Entries that a thread must have as they stand here; empty without `namespaceKeys`. */
  readonly namespace: TenantMap
}

/** Asks the application who calls. Throws `threads.unauthenticated`, and what `toCaller` throws. */
export async function authenticate(options: ResolvedOptions, data: HandshakeData): Promise<Caller> {
  const identity = await options.authenticate(data)
  if (!identity) throw threadsErrors.unauthenticated()
  return toCaller(identity, options.namespaceKeys)
}

/** Throws `threads.namespace_forbidden` when the identity lacks a namespace key, or has a value that can't be one. */
export function toCaller(identity: Identity, namespaceKeys: readonly string[]): Caller {
  const tenant = tenantOf(identity)
  return { identity, tenant, namespace: namespaceOf(tenant, namespaceKeys) }
}

function namespaceOf(tenant: TenantMap, keys: readonly string[]): TenantMap {
  const entries = keys.map((key): [string, string] => {
    const value = Object.hasOwn(tenant, key) ? tenant[key]! : undefined
    if (value === undefined)
      throw threadsErrors.namespaceForbidden({ message: `namespace: ${key} is missing` })
    return [key, legal(key, value)]
  })
  return Object.fromEntries(entries)
}

function legal(key: string, value: string): string {
  try {
    validateNamespaceValue(value)
    return value
  } catch (error) {
    if (!(error instanceof NamespaceViolation)) throw error
    throw threadsErrors.namespaceForbidden({ message: `namespace: ${key} has an illegal value` })
  }
}

/** The snapshot of who acted, as the log keeps it. The wire's author is in the event's body. */
export function toActor({ role, id, name, metadata }: Identity): Actor {
  const tenant = tenantOf({ metadata })
  return { kind: role, id, name, ...(Object.keys(tenant).length > 0 && { tenant }) }
}
