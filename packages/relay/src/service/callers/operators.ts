import type { Clock } from '@parley/kernel/ids'
import { createLocalJWKSet, createRemoteJWKSet, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose'
import { verifyJwt } from './verify-jwt.js'

/** Whom an operator's token speaks for: an instance by its name, and maybe its tenant (`tid`). */
export type Operator = { instanceId: string; tenant?: string; subject: string }

/** Undefined: not verified. Rejects when the keys can't be had. */
export type VerifyOperator = (token: string) => Promise<Operator | undefined>

const audience = /^agent:(.+)$/s
const fetchMs = 5_000

/** Verifies operators' tokens: RS256, with `exp` and one audience `agent:<instanceId>` (8.5). */
export function createVerifyOperator(keys: string | JSONWebKeySet, clock: Clock): VerifyOperator {
  const source = toKeys(keys)
  return async (token) => {
    const claims = await verifyJwt(token, source, {
      algorithms: ['RS256'],
      requiredClaims: ['exp', 'aud'],
      currentDate: new Date(clock.now()),
    })
    const instanceId = claims && instanceOf(claims.aud)
    if (!claims || instanceId === undefined) return undefined
    const { tid, sub = 'operator' } = claims
    if (tid !== undefined && typeof tid !== 'string') return undefined
    return { instanceId, subject: sub, ...(tid !== undefined && { tenant: tid }) }
  }
}

const toKeys = (keys: string | JSONWebKeySet): JWTVerifyGetKey =>
  typeof keys === 'string'
    ? createRemoteJWKSet(new URL(keys), { timeoutDuration: fetchMs })
    : createLocalJWKSet(keys)

/** Undefined for none, and for several: a token acts for one. */
function instanceOf(aud: string | string[] | undefined): string | undefined {
  const names = [aud ?? []].flat().flatMap((name) => audience.exec(name)?.[1] ?? [])
  return names.length === 1 ? names[0] : undefined
}
