import type { Ground } from '@parley/kernel/ground'
import { hasScope, isVisible, type Principal, type Tenant } from '@parley/kernel/principal'
import { serverErrors } from '../errors.js'
import { toIsoTime } from '../iso-time.js'
import { note } from './credential-events.js'
import { hashSecret } from './hash.js'
import { owner, stranger } from './principals.js'
import { assertScopes, type Scope } from './scopes.js'
import { type ApiKeyRow, type CredentialStore, credentialStore } from './store.js'
import { assertWithin } from './tenants.js'
import { tokenStore } from './token-store.js'

const hour = 3_600_000_000
/** An owner link can be used for this long. */
const linkLifetime = 24 * hour
/** A browser stays signed in for this long. */
export const sessionLifetimeSeconds = 30 * 24 * 3_600

/** An API key without its secret. */
export type ApiKey = {
  id: string
  name: string
  scopes: string[]
  /** What it sees and gives is limited to this; `{}` is no limit. */
  tenant: Tenant
  createdAt: string
  lastUsedAt: string | null
}

/** Makes and ends the server's credentials. What is returned in plain is stored as a hash and shown once. */
export class Credentials {
  readonly #ground: Ground
  readonly #store: CredentialStore

  constructor(ground: Ground) {
    this.#ground = ground
    this.#store = credentialStore(ground.db)
  }

  /** A one-time code that signs one browser in as the owner. */
  async createOwnerLink(who: Principal): Promise<string> {
    const code = this.#ground.ids.token(24)
    const now = this.#ground.clock.micros()
    const { addLink, forgetOldLinks } = this.#store
    const ops = [forgetOldLinks(now - linkLifetime), addLink(hashSecret(code), now, now + linkLifetime)]
    await this.#ground.log.commit({ ops, appends: [note(who, 'owner_link.created')] })
    return code
  }

  /** Trades a code for a browser session. Throws `server.link_used` or `server.link_unknown`. */
  async signIn(code: string): Promise<string> {
    const hash = hashSecret(code)
    const token = this.#ground.ids.token(32)
    const now = this.#ground.clock.micros()
    const expiresAt = now + sessionLifetimeSeconds * 1e6
    const session = this.#store.addSession(hashSecret(token), JSON.stringify(owner), now, expiresAt)
    // One unit: of two browsers with the same link one gets in.
    const ops = [this.#store.useLink(hash, now), session, this.#store.forgetOldSessions(now)]
    const result = await this.#ground.log.commit({ ops, appends: [note(owner, 'browser.signed_in')] })
    if (result.outcome === 'committed') return token
    const isUsed = (await this.#store.findLink(hash))?.used_at != null
    const refused = note(stranger, 'sign_in.refused', { reason: isUsed ? 'used' : 'unknown' })
    await this.#ground.log.commit({ ops: [], appends: [refused] })
    throw isUsed ? serverErrors.linkUsed() : serverErrors.linkUnknown()
  }

  async signOut(token: string): Promise<void> {
    const ops = [this.#store.removeSession(hashSecret(token))]
    await this.#ground.log.commit({ ops, appends: [note(owner, 'browser.signed_out')] })
  }

  /** The keys that lie within the tenant of whoever asks. */
  async listKeys(who: Principal): Promise<ApiKey[]> {
    const keys = (await this.#store.keys()).map(toApiKey)
    return keys.filter(({ tenant }) => isVisible(who.tenant, tenant))
  }

  /**
   * The tenant is the giver's unless it says otherwise. Throws `server.unknown_scope`, `server.scope_too_wide` for what
   * the giver has not, and `server.outside_tenant`.
   */
  async createKey(
    who: Principal,
    name: string,
    scopes: readonly Scope[] | readonly string[],
    tenant: Tenant = who.tenant,
  ): Promise<ApiKey & { key: string }> {
    assertScopes(scopes)
    assertWithin(who, tenant)
    // A credential never gives more than it has.
    const tooWide = scopes.filter((scope) => !hasScope(who, scope))
    if (tooWide.length > 0) throw serverErrors.scopeTooWide({ details: { scopes: tooWide } })
    const key = `pk_${this.#ground.ids.token(24)}`
    const row: ApiKeyRow = {
      id: this.#ground.ids.next('key'),
      name,
      key_hash: hashSecret(key),
      scopes: JSON.stringify(scopes),
      tenant: JSON.stringify(tenant),
      created_at: this.#ground.clock.micros(),
      last_used_at: null,
    }
    const created = note(who, 'key.created', { id: row.id, name, scopes, tenant })
    await this.#ground.log.commit({ ops: [this.#store.addKey(row)], appends: [created] })
    return { ...toApiKey(row), key }
  }

  /** Takes effect on the next request; the tokens it made end with it. Throws `server.key_not_found`. */
  async revokeKey(who: Principal, id: string): Promise<void> {
    // Anything else is no id of ours, and Postgres would stumble over a NUL.
    if (!/^[\w-]+$/.test(id)) throw serverErrors.keyNotFound()
    // One outside of the giver's tenant looks like none.
    if (!(await this.listKeys(who)).some((key) => key.id === id)) throw serverErrors.keyNotFound()
    const ops = [this.#store.removeKey(id), tokenStore(this.#ground.db).removeMadeBy(id)]
    const result = await this.#ground.log.commit({ ops, appends: [note(who, 'key.revoked', { id })] })
    if (result.outcome !== 'committed') throw serverErrors.keyNotFound()
  }
}

function toApiKey(row: ApiKeyRow): ApiKey {
  const lastUsedAt = row.last_used_at === null ? null : toIsoTime(row.last_used_at)
  return {
    id: row.id,
    name: row.name,
    scopes: JSON.parse(row.scopes),
    tenant: JSON.parse(row.tenant),
    createdAt: toIsoTime(row.created_at),
    lastUsedAt,
  }
}
