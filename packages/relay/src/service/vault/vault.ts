// Credentials that were taken out of what platforms sent (contract 6.4): sealed, bound to a session, used by name only.

import type { Op } from '@parley/kernel/db'
import type { BotIdentity } from '../../protocol/index.js'
import { limits } from '../../protocol/index.js'
import type { CapabilityRow, InstanceKey } from '../../store/port.js'
import type { RelayDeps, Vault } from '../deps.js'

/** Others may use the same entry at the same moment, and each time one of them wins. After so many it is one use that nobody counted. */
const maxTries = 16

export function createVault(deps: RelayDeps): Vault {
  return new SealedVault(deps)
}

type Bound = Parameters<Vault['bindOps']>[0]
type Resolved = Awaited<ReturnType<Vault['resolve']>>
type Place = Pick<CapabilityRow, 'tenant' | 'sessionKey' | 'kind'>

class SealedVault implements Vault {
  readonly #deps: RelayDeps
  /** What is opened where there is nothing, so that a miss takes the same steps as a hit. */
  readonly #nothing: { sealed: string; context: string }

  constructor(deps: RelayDeps) {
    this.#deps = deps
    const context = contextOf({ tenant: '', sessionKey: '', kind: '' })
    this.#nothing = { sealed: deps.sealer.seal(deps.ground.ids.token(48), context), context }
  }

  bindOps({ sessionKeys, secret, ...bound }: Bound): Op[] {
    const { ground, sealer, store } = this.#deps
    const expiresAt = ground.clock.micros() + limits.capabilityMs * 1_000
    return [...new Set(sessionKeys)].map((sessionKey) => {
      const sealed = sealer.seal(secret, contextOf({ ...bound, sessionKey }))
      return store.vault.bind({ ...bound, sessionKey, sealed, expiresAt, uses: 0 })
    })
  }

  async resolve(
    key: InstanceKey,
    bots: readonly BotIdentity[],
    sessionKey: string,
    kind: string,
  ): Promise<Resolved> {
    for (let tries = 1; ; tries++) {
      const row = await this.#deps.store.vault.find(key.tenant, sessionKey, kind)
      // The same work for everything that is refused: one look, one opening.
      const secret = this.#open(row)
      if (!row || secret === undefined || !this.#isFor(row, key, bots)) return undefined
      if (!(await this.#count(row)) && tries < maxTries) continue
      const { platform, botId } = row
      return { bot: { platform, botId }, secret, isFirst: row.uses === 0 }
    }
  }

  #open(row: CapabilityRow | undefined): string | undefined {
    const { sealed, context } = row ? { sealed: row.sealed, context: contextOf(row) } : this.#nothing
    try {
      return this.#deps.sealer.open(sealed, context)
    } catch (error) {
      this.#deps.onFault(error, 'relay.vault')
      return undefined
    }
  }

  #isFor(row: CapabilityRow, key: InstanceKey, bots: readonly BotIdentity[]): boolean {
    const isFronted = bots.some(({ platform, botId }) => platform === row.platform && botId === row.botId)
    return row.expiresAt > this.#deps.ground.clock.micros() && row.instanceId === key.instanceId && isFronted
  }

  async #count(row: CapabilityRow): Promise<boolean> {
    const { ground, store } = this.#deps
    const { outcome } = await ground.log.commit({ ops: [store.vault.used(row)], appends: [] })
    return outcome === 'committed'
  }
}

/** A value that was moved to another row does not open there. */
const contextOf = ({ tenant, sessionKey, kind }: Place): string =>
  `vault:${JSON.stringify([tenant, sessionKey, kind])}`
