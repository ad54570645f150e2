import { createHmac, timingSafeEqual } from 'node:crypto'
import { decodeToken, limits } from '../../protocol/index.js'
import type { GatewayRow } from '../../store/port.js'
import type { RelayDeps, TokenVerdict, VerifyToken } from '../deps.js'
import { acceptedSecrets, createSecrets, type Secrets } from './secrets.js'

/** Longest token that is looked at: one for an id of the longest kind has less. */
const longestToken = 4_096
const signature = /^[0-9a-f]{64}$/i

/** Verifies upgrade tokens (2.2). A token may come again: two dials within a second bring the same bytes. */
export function createVerifyToken(deps: RelayDeps, secrets: Secrets = createSecrets(deps)): VerifyToken {
  // What an unknown gateway's token is compared with, so that the answer takes as long as another. Nobody knows it.
  const nobody = secrets.create()

  return async (token) => {
    const seen = token !== undefined && token.length <= longestToken ? decodeToken(token) : undefined
    if (!seen) return { outcome: 'unauthorized' }

    const now = deps.ground.clock.micros()
    const row = await deps.store.gateways.find(seen.payload)
    // WHY: before the expiry, so that only who holds a secret learns that a token is too old.
    const isSigned = isSignedBy(secretsOf(row, now), seen)
    if (!row || row.revokedAt !== null || !isSigned) return { outcome: 'unauthorized' }
    return verdictOf(row, seen.exp, Math.floor(now / 1_000_000))
  }

  function secretsOf(row: GatewayRow | undefined, now: number): string[] {
    if (!row || row.revokedAt !== null) return [nobody]
    return acceptedSecrets(row.secrets, now)
      .map(({ sealed }) => secrets.open(row.gatewayId, sealed))
      .filter((secret) => secret !== '')
  }
}

/** Compares with every secret, in constant time. */
function isSignedBy(secrets: readonly string[], { signed, sig }: { signed: string; sig: string }): boolean {
  // OUTSIDE: Node's hex decoder stops at the first foreign character instead of failing.
  if (!signature.test(sig)) return false
  const given = Buffer.from(sig, 'hex')
  return secrets
    .map((secret) => timingSafeEqual(createHmac('sha256', secret).update(signed, 'utf8').digest(), given))
    .includes(true)
}

function verdictOf(row: GatewayRow, exp: number, now: number): TokenVerdict {
  const isEndless = exp === 0 || exp > now + limits.tokenAheadSeconds
  if (isEndless) return { outcome: 'unauthorized' }
  if (now > exp) return { outcome: 'expired' }
  const { gatewayId, tenant, instanceId } = row
  return { outcome: 'accepted', gateway: { gatewayId, tenant, instanceId } }
}
