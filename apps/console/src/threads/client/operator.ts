import type { UserIdentity } from '@parley/threads/protocol'
import type { Me } from '../../api/account.js'
import type { Tenant } from '../model/tenant.js'

/**
 * Whom the console acts as in rooms of a tenant: the person who is signed in. WHY a prefix: ids of the server's own
 * principals are given to nobody, and the tenant of whoever is signed in sees public rooms only.
 */
export function operatorIdentity({ id, name }: Me['principal'], tenant: Tenant): UserIdentity {
  return { role: 'user', id: `console-${id}`, name: name ?? id, metadata: { tenant } }
}
