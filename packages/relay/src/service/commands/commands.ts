// Commands of bots that several tenants share (contract 2.6). Each tenant says what it wants; what is registered is the union.

import { createHash } from 'node:crypto'
import { isParleyError } from '@parley/kernel/errors'
import type { Stop } from '@parley/kernel/ids'
import type { BotCommand } from '../../platforms/port.js'
import type { BotIdentity } from '../../protocol/index.js'
import { botKey, nameOf } from '../bots/keys.js'
import type { Bots, Commands, RelayDeps } from '../deps.js'
import { readManifest } from './read-manifest.js'
import { unionOf } from './union.js'

const debounceMs = 2_000

export function createCommands(deps: RelayDeps, { bots }: { bots: Bots }): Commands {
  return new SharedCommands(deps, bots)
}

class SharedCommands implements Commands {
  readonly #deps: RelayDeps
  readonly #bots: Bots
  /** Bots whose commands will be registered soon. */
  readonly #planned = new Map<string, Stop>()
  /** What was offered last and is not kept yet, by tenant and bot. */
  readonly #offers = new Map<string, readonly BotCommand[]>()
  /** Bots whose platform this process has asked once, whatever is remembered of them. */
  readonly #compared = new Set<string>()
  readonly #work = new Set<Promise<void>>()
  readonly #stopping = new AbortController()

  constructor(deps: RelayDeps, bots: Bots) {
    this.#deps = deps
    this.#bots = bots
  }

  offer(tenant: string, { platform, botId }: BotIdentity, manifest: unknown): void {
    if (this.#stopping.signal.aborted || !this.#bots.get({ platform, botId })) return
    const key = JSON.stringify([tenant, platform, botId])
    const isBusy = this.#offers.has(key)
    this.#offers.set(key, readManifest(manifest))
    if (!isBusy) this.#run(() => this.#keepLatest(key, tenant, { platform, botId }))
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new Error('The connector is stopping.'))
    for (const stop of this.#planned.values()) stop()
    await Promise.all(this.#work)
  }

  #run(job: () => Promise<void>): void {
    const work = job()
      .catch((error) => {
        if (this.#stopping.signal.aborted || isParleyError(error, 'kernel.closed')) return
        this.#deps.tally.count('commands.failed')
        if (!isParleyError(error)) this.#deps.onFault(error, 'relay.commands')
      })
      .finally(() => this.#work.delete(work))
    this.#work.add(work)
  }

  async #keepLatest(key: string, tenant: string, bot: BotIdentity): Promise<void> {
    try {
      for (let kept: readonly BotCommand[] | undefined; kept !== this.#offers.get(key); ) {
        kept = this.#offers.get(key) ?? []
        await this.#keep(tenant, bot, kept)
      }
    } finally {
      this.#offers.delete(key)
    }
    this.#plan(bot)
  }

  async #keep(tenant: string, bot: BotIdentity, manifest: readonly BotCommand[]): Promise<void> {
    const { ground, store } = this.#deps
    const known = (await store.bots.listCommands(bot)).find((one) => one.tenant === tenant)
    if (JSON.stringify(known?.manifest) !== JSON.stringify(manifest))
      await ground.log.commit({ ops: [store.bots.setCommands(bot, tenant, manifest)], appends: [] })
  }

  // The first wish starts the time: those of the next two seconds go with it.
  #plan(bot: BotIdentity): void {
    const name = nameOf(bot)
    if (this.#planned.has(name) || this.#stopping.signal.aborted) return
    const stop = this.#deps.ground.clock.after(debounceMs, () => {
      this.#planned.delete(name)
      this.#run(() => this.#register(bot))
    })
    this.#planned.set(name, stop)
  }

  /** One node at a time; each reads what all tenants want when it is its turn. */
  async #register(bot: BotIdentity): Promise<void> {
    const { leases } = this.#deps.ground
    const signal = this.#stopping.signal
    await using _turn = await leases.acquire(`relay-commands:${botKey(bot)}`, { signal })
    const open = this.#bots.get(bot)?.bot
    if (!open?.setCommands) return
    const union = unionOf(await this.#wanted(bot), open.limits.commands)
    const digest = createHash('sha256').update(JSON.stringify(union)).digest('hex')
    if (this.#compared.has(nameOf(bot)) && (await this.#registered(bot)) === digest) return
    await open.setCommands(union)
    await this.#remember(bot, digest)
  }

  /** The digest of what a node has registered last. */
  #registered(bot: BotIdentity): Promise<string | undefined> {
    return this.#deps.store.settings.get(settingOf(bot))
  }

  async #remember(bot: BotIdentity, digest: string): Promise<void> {
    const { ground, store } = this.#deps
    await ground.log.commit({ ops: [store.settings.set(settingOf(bot), digest)], appends: [] })
    this.#compared.add(nameOf(bot))
  }

  /** Of the tenants that front the bot and still may. */
  async #wanted(bot: BotIdentity): Promise<{ tenant: string; commands: BotCommand[] }[]> {
    const { bots } = this.#deps.store
    const [kept, fronting] = await Promise.all([bots.listCommands(bot), bots.listTenants(bot)])
    const allowed = this.#bots.get(bot)?.row.tenants ?? fronting
    return kept
      .filter(({ tenant }) => fronting.includes(tenant) && allowed.includes(tenant))
      .map(({ tenant, manifest }) => ({ tenant, commands: readManifest(manifest) }))
  }
}

const settingOf = (bot: BotIdentity): string => `commands:${botKey(bot)}`
