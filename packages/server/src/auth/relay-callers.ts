import { hasScope } from '@parley/kernel/principal'
import { oidcCallers, type VerifyCaller } from '@parley/relay'
import type { Config } from '../config/schema.js'
import type { Authenticator } from './authenticate.js'
import { relayTenantOf } from './relay-tenant.js'

const scope = 'relay:enroll'

/**
 * Who may enrol gateways: an API key with `relay:enroll` whose tenant is `org=…`, and whoever shows an identity token of the
 * configured issuer.
 */
export function relayCallers(config: Config, authenticate: Authenticator): VerifyCaller {
  const { relayIssuer: issuer, relayAudience: audience, relayTenantClaim: tenantClaim } = config
  const byToken =
    issuer === undefined
      ? undefined
      : oidcCallers({
          issuer,
          audience,
          tenantClaim,
          jwksUrl: config.relayJwksUrl ?? `${issuer.replace(/\/+$/, '')}/.well-known/jwks.json`,
        })
  return async (token) => {
    const request = { method: 'POST', url: 'http://relay/', headers: { get: () => null } }
    const principal = await authenticate({ request, remoteAddress: '', bearer: token })
    if (!principal) return byToken?.(token)
    const tenant = relayTenantOf(principal.tenant)
    return tenant !== undefined && hasScope(principal, scope) ? { tenant } : undefined
  }
}
