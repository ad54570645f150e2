// The connector's bots, as their rows say. Other nodes' changes come by signals, and by a look at the rows now and then.

import type { Stop } from '@parley/kernel/ids'
import type { BotHealth, PlatformDriver, PlatformSink } from '../../platforms/port.js'
import type { BotIdentity } from '../../protocol/index.js'
import type { BotRow } from '../../store/port.js'
import type { Bots, OpenBot, RelayDeps } from '../deps.js'
import { botsStream, nameOf } from './keys.js'
import { type BotSignal, readBotSignal, writeBotSignal } from './signals.js'
import { Slot } from './slot.js'

const rereadMs = 30_000

export type BotsParts = {
  /** Asked when a bot starts, never before `start` was called. */
  sinkOf(bot: BotIdentity): PlatformSink
  onHealth?(bot: BotIdentity, health: BotHealth): void
}

/** What `openBots` returns: nothing is taken in before `start`. */
export type OpenedBots = Bots & { start(): void }

/**
 * Opens every enabled bot. One that can't be opened (an unknown driver, settings or credentials that do not fit) has the health
 * `refused`, and the others are not affected.
 */
export async function openBots(deps: RelayDeps, parts: BotsParts): Promise<OpenedBots> {
  const bots = new NodeBots(deps, parts)
  await bots.open()
  return bots
}

class NodeBots implements OpenedBots {
  readonly #deps: RelayDeps
  readonly #parts: BotsParts
  readonly #slots = new Map<string, Slot>()
  /** Changes of one bot come one after the other. */
  readonly #lines = new Map<string, Promise<void>>()
  readonly #stops = new Set<Stop>()
  #isStarted = false
  #isStopped = false

  constructor(deps: RelayDeps, parts: BotsParts) {
    this.#deps = deps
    this.#parts = parts
  }

  async open(): Promise<void> {
    for (const row of await this.#deps.store.bots.list()) if (row.isEnabled) this.#put(row)
    // Nobody else changes the rows of an exclusive database.
    if (!this.#deps.ground.db.exclusive) this.#listen()
  }

  start(): void {
    this.#isStarted = true
    for (const slot of this.#slots.values()) slot.start()
  }

  get drivers(): readonly PlatformDriver[] {
    return this.#deps.options.platforms
  }

  get(identity: BotIdentity): OpenBot | undefined {
    return this.#slots.get(nameOf(identity))?.open
  }

  list(): readonly OpenBot[] {
    return [...this.#slots.values()].flatMap(({ open }) => open ?? [])
  }

  healthOf(identity: BotIdentity): BotHealth | undefined {
    return this.#slots.get(nameOf(identity))?.health
  }

  async refresh({ platform, botId }: BotIdentity): Promise<void> {
    await this.#reread({ platform, botId })
    this.#tell({ kind: 'changed', platform, botId })
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    for (const stop of this.#stops) stop()
    await Promise.allSettled(this.#lines.values())
    const slots = [...this.#slots.values()]
    this.#slots.clear()
    await Promise.all(slots.map((slot) => slot.close()))
  }

  #reread(identity: BotIdentity): Promise<void> {
    const key = nameOf(identity)
    const before = this.#lines.get(key) ?? Promise.resolve()
    const turn = before
      .catch(() => {})
      .then(async () => {
        const row = await this.#deps.store.bots.find(identity)
        if (!this.#isStopped) await this.#apply(key, row?.isEnabled ? row : undefined)
      })
      .finally(() => {
        if (this.#lines.get(key) === turn) this.#lines.delete(key)
      })
    this.#lines.set(key, turn)
    return turn
  }

  async #apply(key: string, row: BotRow | undefined): Promise<void> {
    const slot = this.#slots.get(key)
    if (!row) this.#slots.delete(key)
    else if (slot && opensAlike(slot.row, row)) return slot.relabel(row)
    // The new one is there before the old one goes; its turn to take in comes when the old one has stopped.
    else this.#put(row)
    await slot?.close()
  }

  #put(row: BotRow): void {
    const { sinkOf } = this.#parts
    const slot = new Slot(
      { deps: this.#deps, sinkOf, onHealth: (changed, isOurs) => this.#onHealth(changed, isOurs) },
      row,
    )
    this.#slots.set(nameOf(row), slot)
    if (this.#isStarted) slot.start()
  }

  #onHealth(slot: Slot, isOurs: boolean): void {
    const { platform, botId } = slot.row
    if (isOurs) this.#tellHealth(slot)
    this.#parts.onHealth?.({ platform, botId }, slot.health)
  }

  #tellHealth({ row: { platform, botId }, health }: Slot): void {
    this.#tell({ kind: 'health', platform, botId, health })
  }

  #tell(signal: BotSignal): void {
    const { bus, db } = this.#deps.ground
    if (!db.exclusive && !this.#isStopped) bus.signal(botsStream, writeBotSignal(signal))
  }

  #listen(): void {
    const { bus } = this.#deps.ground
    this.#stops.add(bus.onSignal((stream, payload) => stream === botsStream && this.#hear(payload)))
    const stopGap = bus.onGap?.(() => void this.#rereadAll())
    if (stopGap) this.#stops.add(stopGap)
    this.#repair()
  }

  #hear(payload: string): void {
    const signal = readBotSignal(payload)
    if (signal?.kind === 'health') this.#slots.get(nameOf(signal))?.heard(signal.health)
    if (signal?.kind === 'changed')
      this.#reread(signal).catch((error) => this.#deps.onFault(error, 'relay.bots'))
  }

  #repair(): void {
    const stop = this.#deps.ground.clock.after(rereadMs, () => {
      this.#stops.delete(stop)
      void this.#rereadAll().then(() => this.#isStopped || this.#repair())
    })
    this.#stops.add(stop)
  }

  /** Finds changes whose signal was lost, and says again how the bots are. */
  async #rereadAll(): Promise<void> {
    try {
      const rows = new Map((await this.#deps.store.bots.list()).map((row) => [nameOf(row), row]))
      const changed = [...rows.values()].filter((row) => !this.#isKnown(row))
      const gone = [...this.#slots].filter(([key]) => !rows.has(key)).map(([, { row }]) => row)
      const asked = [...changed, ...gone]
      await Promise.all(asked.map((row) => this.#reread(row)))
    } catch (error) {
      if (!this.#isStopped) this.#deps.onFault(error, 'relay.bots')
    }
    for (const slot of this.#slots.values()) if (slot.isHolding) this.#tellHealth(slot)
  }

  #isKnown(row: BotRow): boolean {
    const slot = this.#slots.get(nameOf(row))
    return slot ? JSON.stringify(slot.row) === JSON.stringify(row) : !row.isEnabled
  }
}

/** False when a bot has to be opened anew. */
function opensAlike(a: BotRow, b: BotRow): boolean {
  const opening = ({ driver, label, settings, sealed }: BotRow) =>
    JSON.stringify([driver, label, settings, sealed])
  return opening(a) === opening(b)
}
