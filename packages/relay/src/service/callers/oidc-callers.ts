import { type Clock, systemClock } from '@parley/kernel/ids'
import { createRemoteJWKSet } from 'jose'
import type { VerifyCaller } from '../options.js'
import { verifyJwt } from './verify-jwt.js'

export type OidcCallersOptions = {
  /** `iss` of the tokens, exactly. */
  issuer: string
  /** `aud` of the tokens, or one of several. */
  audience: string | string[]
  /** Where the provider publishes its keys. Asked when a token names an unknown one, at most every 30 s. */
  jwksUrl: string | URL
  /** The claim that says which tenant the caller belongs to. Default `tid`. */
  tenantClaim?: string
  clock?: Clock
}

const fetchMs = 5_000

/** Callers whose identity tokens (RS256 or ES256, with `exp`) come from an OpenID Connect provider (8.2). */
export function oidcCallers({
  issuer,
  audience,
  jwksUrl,
  tenantClaim = 'tid',
  clock = systemClock,
}: OidcCallersOptions): VerifyCaller {
  const keys = createRemoteJWKSet(new URL(jwksUrl), { timeoutDuration: fetchMs })
  return async (token) => {
    const claims = await verifyJwt(token, keys, {
      issuer,
      audience,
      algorithms: ['RS256', 'ES256'],
      requiredClaims: ['exp'],
      currentDate: new Date(clock.now()),
    })
    const tenant = claims?.[tenantClaim]
    return typeof tenant === 'string' && tenant !== '' ? { tenant } : undefined
  }
}
