import { relayErrors } from '../../errors.js'
import type { BotHealth, PlatformBot, PlatformSink } from '../../platforms/port.js'
import type { BotRow } from '../../store/port.js'
import type { OpenBot, RelayDeps } from '../deps.js'
import { runIngest } from './ingest.js'
import { healthAfter, openRow } from './open-row.js'

export type SlotParts = {
  deps: RelayDeps
  sinkOf(row: BotRow): PlatformSink
  /** Its health has changed; `isOurs`: this node takes its messages in. */
  onHealth(slot: Slot, isOurs: boolean): void
}

const detailLength = 200
/** What another node says of a bot is believed so long. */
const heardMs = 90_000

/** One enabled bot on this node: opened, or the reason why it could not be. */
export class Slot {
  readonly #parts: SlotParts
  readonly #closing = new AbortController()
  #current: OpenBot | undefined
  #row: BotRow
  #own: BotHealth = { state: 'starting' }
  #heard: { health: BotHealth; until: number } | undefined
  #isHolding = false
  #ingest: Promise<void> | undefined
  #stopping: Promise<void> | undefined

  constructor(parts: SlotParts, row: BotRow) {
    this.#parts = parts
    this.#row = row
    this.#open()
  }

  get row(): BotRow {
    return this.#row
  }

  /** Undefined when it could not be opened. */
  get open(): OpenBot | undefined {
    return this.#current
  }

  get health(): BotHealth {
    if (!this.#current || this.#isHolding || !this.#heard) return this.#own
    return this.#heard.until > this.#parts.deps.ground.clock.now() ? this.#heard.health : this.#own
  }

  get isHolding(): boolean {
    return this.#isHolding
  }

  /** The row has changed in a way that the bot need not know of. */
  relabel(row: BotRow): void {
    this.#row = row
    if (this.#current) this.#show(this.#current.bot)
  }

  /** What the node that takes its messages in says. */
  heard(health: BotHealth): void {
    this.#heard = { health, until: this.#parts.deps.ground.clock.now() + heardMs }
    this.#parts.onHealth(this, false)
  }

  /** Begins to take messages in, as soon as it is this node's turn. */
  start(): void {
    if (!this.#current || this.#closing.signal.aborted) return
    this.#ingest ??= runIngest(
      {
        deps: this.#parts.deps,
        identity: this.#row,
        start: (sink) => this.#start(sink),
        stop: () => this.#stop(),
        renew: () => this.#open(),
        sink: () => this.#sink(),
        holding: (isHolding) => this.#hold(isHolding),
        report: (health) => this.#report(health),
      },
      this.#closing.signal,
    )
  }

  async close(): Promise<void> {
    this.#closing.abort(new Error('The bot was closed.'))
    await this.#ingest
    await this.#stop()
  }

  #open(): void {
    this.#stopping = undefined
    try {
      this.#show(openRow(this.#parts.deps, this.#row))
    } catch (error) {
      this.#current = undefined
      this.#own = {
        ...healthAfter(error, { state: 'refused', detail: 'it could not be opened' }),
        state: 'refused',
      }
      this.#parts.onHealth(this, false)
    }
  }

  #show(bot: PlatformBot): void {
    this.#current = { row: this.#row, bot, health: () => this.health }
  }

  async #start(sink: PlatformSink): Promise<void> {
    this.#report({ state: 'starting' })
    if (!this.#current) throw relayErrors.unavailable()
    await this.#current.bot.start(sink)
    // Unless it has told more by itself.
    if (this.#own.state === 'starting') this.#report({ state: 'well' })
  }

  #stop(): Promise<void> {
    this.#stopping ??= (async () => {
      try {
        await this.#current?.bot.stop()
      } catch (error) {
        this.#parts.deps.onFault(error, 'relay.bots')
      }
    })()
    return this.#stopping
  }

  #sink(): PlatformSink {
    const sink = this.#parts.sinkOf(this.#row)
    const { bot } = this.#current ?? {}
    return {
      message: (message) => sink.message(message),
      forward: (forward) => sink.forward(forward),
      seen: (place, messageId) => sink.seen(place, messageId),
      saveCursor: (cursor) => sink.saveCursor(cursor),
      loadCursor: () => sink.loadCursor(),
      health: (health) => {
        // One that was replaced has nothing more to say.
        if (this.#current?.bot === bot) this.#report(health)
        sink.health(health)
      },
    }
  }

  #hold(isHolding: boolean): void {
    this.#isHolding = isHolding
    if (!isHolding && this.#own.state === 'well') this.#own = { state: 'starting' }
    this.#heard = undefined
  }

  #report({ state, detail }: BotHealth): void {
    const health = { state, ...(detail !== undefined && { detail: detail.slice(0, detailLength) }) }
    if (health.state === this.#own.state && health.detail === this.#own.detail) return
    this.#own = health
    this.#parts.onHealth(this, this.#isHolding)
  }
}
