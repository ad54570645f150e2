import type { Ground } from '@parley/kernel/ground'
import { isVisible, type Principal } from '@parley/kernel/principal'
import { type Identity, tenantOf } from '@parley/threads'
import { serverErrors } from '../errors.js'
import { toIsoTime } from '../iso-time.js'
import { note } from './credential-events.js'
import { hashSecret } from './hash.js'
import { isReservedId } from './principals.js'
import { assertWithin } from './tenants.js'
import { tokenStore } from './token-store.js'

/** How every such token begins. */
export const tokenPrefix = 'pt_'

/** A token as it is shown, once. */
export type ActAsToken = {
  token: string
  identity: Identity
  /** ISO 8601. */
  expires_at: string
}

/** Makes and ends short-lived tokens with which an app's users act in threads. */
export class ActAsTokens {
  readonly #ground: Ground
  readonly #store: ReturnType<typeof tokenStore>

  constructor(ground: Ground) {
    this.#ground = ground
    this.#store = tokenStore(ground.db)
  }

  /**
   * Throws `server.outside_tenant` when the maker has a tenant that the identity lacks an entry of,
   * `server.reserved_identity` for an id of the server's own that is not the maker's, and `server.assistant_identity`.
   */
  async create(who: Principal, identity: Identity, ttlSeconds: number): Promise<ActAsToken> {
    if (identity.role === 'assistant') throw serverErrors.assistantIdentity()
    if (isReservedId(identity.id) && identity.id !== who.id) throw serverErrors.reservedIdentity()
    assertWithin(who, tenantOf(identity))
    const token = tokenPrefix + this.#ground.ids.token(24)
    const now = this.#ground.clock.micros()
    const row = {
      token_hash: hashSecret(token),
      identity_id: identity.id,
      identity: JSON.stringify(identity),
      maker_id: who.id,
      created_at: now,
      expires_at: now + ttlSeconds * 1e6,
    }
    const made = note(who, 'act_as_token.created', { identity_id: identity.id, ttl_seconds: ttlSeconds })
    await this.#ground.log.commit({
      ops: [this.#store.forgetOld(now), this.#store.add(row)],
      appends: [made],
    })
    return { token, identity, expires_at: toIsoTime(row.expires_at) }
  }

  /** Who a token acts as; undefined when nobody made it, or it has expired or was revoked. */
  async find(token: string): Promise<Identity | undefined> {
    const row = await this.#store.find(hashSecret(token))
    if (!row || row.expires_at <= this.#ground.clock.micros()) return undefined
    // The cast: nothing but `create` writes rows.
    return JSON.parse(row.identity) as Identity
  }

  /**
   * Ends the tokens of an identity that lie within the caller's tenant; answers how many. Those of the server's own
   * principals end by themselves, or by a caller without a tenant.
   */
  async revoke(who: Principal, identityId: string): Promise<number> {
    const live = await this.#store.ofIdentity(identityId, this.#ground.clock.micros())
    const hashes = live
      .filter(({ identity }) => mayEnd(who, JSON.parse(identity)))
      .map((row) => row.token_hash)
    if (hashes.length === 0) return 0
    const ended = note(who, 'act_as_token.revoked', { identity_id: identityId, count: hashes.length })
    await this.#ground.log.commit({ ops: this.#store.remove(hashes), appends: [ended] })
    return hashes.length
  }
}

function mayEnd({ id, tenant }: Principal, identity: Identity): boolean {
  const isServers = isReservedId(identity.id) && identity.id !== id
  if (isServers && Object.keys(tenant).length > 0) return false
  return isVisible(tenant, tenantOf(identity))
}
