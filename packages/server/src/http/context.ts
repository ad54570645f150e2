import { kernelErrors } from '@parley/kernel/errors'
import { infoOf } from '@parley/kernel/http'
import { hasScope, type Principal } from '@parley/kernel/principal'
import type { Context } from 'hono'
import type { Authenticator } from '../auth/authenticate.js'

/** Finds out who calls a route; throws `kernel.unauthenticated` or `kernel.forbidden`. */
export type Gate = (context: Context, scope?: string) => Promise<Principal>

// WHY: a body may take its time, and whoever holds a key that leaked could begin many requests before it is revoked and
// end them afterwards.
const askedAgain = new WeakMap<Request, () => Promise<Principal | undefined>>()

/** Asks again who calls, now that the body is there; throws `kernel.unauthenticated` when the credential has ended. */
export async function assertStillKnown(request: Request): Promise<void> {
  const again = askedAgain.get(request)
  if (again && !(await again())) throw kernelErrors.unauthenticated()
}

export function createGate(authenticate: Authenticator): Gate {
  return async (context, scope) => {
    const { remoteAddress } = infoOf(context)
    const request = context.req.raw
    const ask = () => authenticate({ request, remoteAddress })
    const principal = await ask()
    if (!principal) throw kernelErrors.unauthenticated()
    askedAgain.set(request, ask)
    if (scope !== undefined && !hasScope(principal, scope))
      throw kernelErrors.forbidden({ details: { scope } })
    // What needs everything is about the whole server: more than one tenant's.
    if (scope === '*' && Object.keys(principal.tenant).length > 0)
      throw kernelErrors.forbidden({ details: { scope, tenant: principal.tenant } })
    return principal
  }
}
