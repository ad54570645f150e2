// What operators do with bots. A credential is proven before it is kept, and never shown again.

import type { Op } from '@parley/kernel/db'
import { isParleyError } from '@parley/kernel/errors'
import type { Identity } from '@parley/kernel/principal'
import { relayErrors } from '../../errors.js'
import type { BotIdentity } from '../../protocol/index.js'
import type { BotRow } from '../../store/port.js'
import { type ChangeType, changed, relayIdentity } from '../changes.js'
import type { Bots, RelayDeps } from '../deps.js'
import type { NewBot } from '../port.js'
import { forgetCursor } from './cursors.js'
import { credentialContext } from './keys.js'
import { driverOf, lent, openRow } from './open-row.js'
import { probe } from './probe.js'
import { type BotChange, platformOf, readBotChange, readCredentials, readNewBot } from './read-bot.js'

export interface BotAdmin {
  /**
   * Asks the platform who the bot is, then keeps it. Throws `relay.platform_unknown`, `relay.invalid_request`,
   * `relay.credential_refused`, `relay.unavailable`, `relay.bot_exists`.
   */
  add(bot: NewBot, by?: Identity): Promise<BotRow>
  /** New credentials are proven first, and must be of the same bot. Throws `relay.bot_not_found` and what `add` does. */
  change(bot: BotIdentity, change: BotChange, by?: Identity): Promise<BotRow>
  /** With its provisioning, commands and prompts. Throws `relay.bot_not_found`. */
  remove(bot: BotIdentity, by?: Identity): Promise<void>
  /** Whether its credential is good now; also of one that is not enabled. Throws `relay.bot_not_found`. */
  test(bot: BotIdentity): Promise<{ ok: boolean; detail: string }>
}

export function createBotAdmin(deps: RelayDeps, { bots }: { bots: Bots }): BotAdmin {
  return new StoredBotAdmin(deps, bots)
}

class StoredBotAdmin implements BotAdmin {
  readonly #deps: RelayDeps
  readonly #bots: Bots

  constructor(deps: RelayDeps, bots: Bots) {
    this.#deps = deps
    this.#bots = bots
  }

  async add(asked: NewBot, by: Identity = relayIdentity): Promise<BotRow> {
    const row = await this.#proven(asked)
    const { bots } = this.#deps.store
    if (await bots.find(row)) throw relayErrors.botExists()
    const ops = [bots.insert(row), ...(await this.#fronted(row))]
    await this.#commit(ops, 'relay.bot.added', row, by, relayErrors.botExists)
    await this.#bots.refresh(row)
    return row
  }

  async change(bot: BotIdentity, asked: BotChange, by: Identity = relayIdentity): Promise<BotRow> {
    const { credentials, ...change } = readBotChange(asked)
    const row = await this.#find(bot)
    const renewed = credentials && (await this.#renewed(row, credentials))
    const all = { ...change, ...renewed }
    if (Object.keys(all).length === 0) return row
    const after = { ...row, ...all }
    const fronted = change.tenants === undefined ? [] : await this.#fronted(after)
    const ops = [this.#deps.store.bots.change(row, all), ...fronted]
    await this.#commit(ops, 'relay.bot.changed', after, by, relayErrors.botNotFound)
    await this.#bots.refresh(row)
    return after
  }

  async remove(bot: BotIdentity, by: Identity = relayIdentity): Promise<void> {
    const row = await this.#find(bot)
    const ops = [...this.#deps.store.bots.remove(row), forgetCursor(this.#deps, row)]
    await this.#commit(ops, 'relay.bot.removed', row, by, relayErrors.botNotFound)
    await this.#bots.refresh(row)
  }

  async test(bot: BotIdentity): Promise<{ ok: boolean; detail: string }> {
    const row = await this.#find(bot)
    try {
      const { botId, username } = await probe(this.#deps, openRow(this.#deps, row))
      if (botId !== row.botId) return { ok: false, detail: 'the credential is of another bot' }
      return { ok: true, detail: username ? `the platform knows it as ${username}` : 'the platform knows it' }
    } catch (error) {
      if (isParleyError(error)) return { ok: false, detail: error.message }
      throw error
    }
  }

  /** WHY: a gateway that enrolled before the bot was there never provisions, and would be refused when it says hello for it. */
  async #fronted({ platform, botId, tenants }: BotRow): Promise<Op[]> {
    const { store, ground } = this.#deps
    const agents = await store.instances.list({})
    const own = new Set(agents.map(({ tenant }) => tenant))
    const named = [...(tenants ?? own)].filter((tenant) => own.has(tenant))
    return named.map((tenant) => store.bots.provision(tenant, { platform, botId }, ground.clock.micros()))
  }

  async #proven(asked: NewBot): Promise<BotRow> {
    const { ground } = this.#deps
    const bot = readNewBot(asked)
    const driver = driverOf(this.#deps, bot.driver)
    const platform = platformOf(driver, bot.platform)
    const credentials = readCredentials(driver, bot.credentials)
    const { botId: known = '', label = '', settings, tenants } = bot
    const opened = driver.open({ platform, botId: known, label, settings, credentials, ...lent(this.#deps) })
    const { botId, username } = await probe(this.#deps, opened)
    assertSame(known || botId, botId)
    return {
      platform,
      botId,
      driver: driver.name,
      label: label || username || botId,
      username,
      settings,
      sealed: this.#sealed({ platform, botId }, credentials),
      tenants,
      isEnabled: true,
      createdAt: ground.clock.micros(),
    }
  }

  async #renewed(row: BotRow, given: Record<string, string>): Promise<Pick<BotRow, 'sealed' | 'username'>> {
    const driver = driverOf(this.#deps, row.driver)
    const sealed = this.#sealed(row, readCredentials(driver, given))
    const { botId, username } = await probe(this.#deps, openRow(this.#deps, { ...row, sealed }))
    assertSame(row.botId, botId)
    return { sealed, username }
  }

  #sealed(bot: BotIdentity, credentials: Record<string, string>): string | null {
    if (Object.keys(credentials).length === 0) return null
    return this.#deps.sealer.seal(JSON.stringify(credentials), credentialContext(bot))
  }

  async #find(bot: BotIdentity): Promise<BotRow> {
    const row = await this.#deps.store.bots.find(bot)
    if (!row) throw relayErrors.botNotFound()
    return row
  }

  async #commit(
    ops: Op[],
    type: ChangeType,
    { platform, botId, driver, label, tenants, isEnabled }: BotRow,
    by: Identity,
    refused: typeof relayErrors.botExists,
  ): Promise<void> {
    // One tenant's own bot is that tenant's affair, any other only the operator's.
    const tenant = tenants?.length === 1 ? (tenants[0] ?? null) : null
    const append = changed(type, by, { tenant, platform, botId, driver, label, isEnabled })
    const { outcome } = await this.#deps.ground.log.commit({ ops, appends: [append] })
    if (outcome === 'refused') throw refused()
  }
}

function assertSame(known: string, found: string): void {
  if (found === '') throw relayErrors.invalidRequest({ message: 'botId is missing' })
  if (known !== found) throw relayErrors.invalidRequest({ message: 'the credential is of another bot' })
}
