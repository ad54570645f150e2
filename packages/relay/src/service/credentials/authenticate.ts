import { isParleyError } from '@parley/kernel/errors'
import { slidingLog } from '@parley/kernel/limits'
import { relayErrors } from '../../errors.js'
import { createVerifyOperator } from '../callers/index.js'
import type { Gateway, RelayDeps, VerifyToken } from '../deps.js'
import type { Caller } from '../port.js'

/** Who may call the routes. Both throw `relay.unauthenticated`, and `relay.unavailable` when nobody can be asked. */
export interface Authentication {
  /** By an identity token (8.1, 8.2). */
  authenticateCaller(token: string | undefined): Promise<Caller>
  /** By an upgrade token (8.4, 9). Throws `relay.rate_limited`. */
  authenticate(token: string | undefined): Promise<Gateway>
  /** By an upgrade token, or an operator's (8.5). Throws `relay.not_found` as well, for an operator's unknown instance. */
  authenticateManager(token: string | undefined): Promise<Gateway>
}

/** Longest tenant that a verified token may name. */
const longestTenant = 200
const longestToken = 16_384
const minuteMs = 60_000

export function createAuthentication(
  { options, store, ground, onFault }: RelayDeps,
  { verify }: { verify: VerifyToken },
): Authentication {
  const { operatorKeys } = options
  const verifyOperator =
    operatorKeys === undefined ? undefined : createVerifyOperator(operatorKeys, ground.clock)
  const calls = slidingLog({
    limit: options.limits.callsPerMinute,
    windowMs: minuteMs,
    clock: ground.clock,
  })

  return {
    authenticateCaller: async (token) => {
      if (!isToken(token)) throw relayErrors.unauthenticated()
      const caller = await asking(() => options.verifyCaller(token))
      if (!caller || caller.tenant === '' || caller.tenant.length > longestTenant)
        throw relayErrors.unauthenticated()
      return { tenant: caller.tenant }
    },
    authenticate: (token) => admit(() => gatewayOf(token)),
    authenticateManager: (token) =>
      // A JWT has dots; base64url has none.
      admit(() => (isToken(token) && token.includes('.') ? instanceOf(token) : gatewayOf(token))),
  }

  async function admit(ask: () => Promise<Gateway | undefined>): Promise<Gateway> {
    const gateway = await asking(ask)
    if (!gateway) throw relayErrors.unauthenticated()
    const verdict = calls.take(JSON.stringify([gateway.gatewayId, gateway.operator]))
    if (!verdict.ok) throw relayErrors.rateLimited({ retryAfter: verdict.retryAfter })
    return gateway
  }

  async function gatewayOf(token: string | undefined): Promise<Gateway | undefined> {
    const verdict = await verify(token)
    return verdict.outcome === 'accepted' ? verdict.gateway : undefined
  }

  /** The instance an operator's token names, by its stored gateway: one that is not revoked, if there is any. */
  async function instanceOf(token: string): Promise<Gateway | undefined> {
    const operator = await verifyOperator?.(token)
    if (!operator) return undefined
    const { instanceId, tenant, subject } = operator
    const rows = await store.gateways.list({ instanceId, ...(tenant !== undefined && { tenant }) })
    const live = rows.filter(({ revokedAt }) => revokedAt === null)
    const [row, ...others] = live.length > 0 ? live : rows
    if (!row) throw relayErrors.notFound()
    // WHY: two tenants may name an instance alike. Which one is meant must not be guessed.
    if (others.some((other) => other.tenant !== row.tenant)) return undefined
    return { gatewayId: row.gatewayId, tenant: row.tenant, instanceId: row.instanceId, operator: subject }
  }

  /** WHY: who can't be told whether a credential is good must not be told that it is bad (12.2, 22). */
  async function asking<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask()
    } catch (error) {
      if (isParleyError(error)) throw error
      onFault(error, 'relay.authenticate')
      throw relayErrors.unavailable({ retryAfter: 1, cause: error })
    }
  }
}

const isToken = (token: string | undefined): token is string =>
  token !== undefined && token !== '' && token.length <= longestToken
