import type { UserIdentity } from '@parley/threads/protocol'
import type { Me } from '../../api/account.js'
import type { Tenant } from '../model/tenant.js'

/** Whom the console acts as in rooms of a tenant: the person who is signed in, as if they were of that tenant. */
export function operatorIdentity({ id, name }: Me['principal'], tenant: Tenant): UserIdentity {
  return { role: 'user', id, name: name ?? id, metadata: { tenant } }
}
