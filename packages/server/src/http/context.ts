import { kernelErrors } from '@parley/kernel/errors'
import { infoOf } from '@parley/kernel/http'
import { hasScope, type Principal } from '@parley/kernel/principal'
import type { Context } from 'hono'
import type { Authenticator } from '../auth/authenticate.js'

/** Finds out who calls a route; throws `kernel.unauthenticated` or `kernel.forbidden`. */
export type Gate = (context: Context, scope?: string) => Promise<Principal>

export function createGate(authenticate: Authenticator): Gate {
  return async (context, scope) => {
    const { remoteAddress } = infoOf(context)
    const principal = await authenticate({ request: context.req.raw, remoteAddress })
    if (!principal) throw kernelErrors.unauthenticated()
    if (scope !== undefined && !hasScope(principal, scope))
      throw kernelErrors.forbidden({ details: { scope } })
    // What needs everything is about the whole server: more than one tenant's.
    if (scope === '*' && Object.keys(principal.tenant).length > 0)
      throw kernelErrors.forbidden({ details: { scope, tenant: principal.tenant } })
    return principal
  }
}
