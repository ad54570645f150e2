import type { Bus } from '@parley/kernel/bus'
import type { Ground } from '@parley/kernel/ground'
import type { Stop, StreamId } from '@parley/kernel/ids'
import type { WebhookRow, WebhookStore } from '../../store/webhooks/port.js'

type RegistryOptions = {
  ground: Ground
  store: WebhookStore
  onFault(error: unknown, where: string): void
  /** Called when there are endpoints on this node for the first time. */
  onFirst(): void
}

/** Only a name for signals: nothing is ever appended to it. */
const stream: StreamId = 'webhooks:threads'

/** How late a change on another node is noticed when its signal was lost. */
const pollMs = 5_000

/** The enabled endpoints, in the memory of this node. A plane without any pays nothing for webhooks. */
export class WebhookRegistry {
  readonly #options: RegistryOptions
  readonly #stops: Stop[] = []
  #endpoints: readonly WebhookRow[] = []
  #version = -1
  #loading: Promise<void> | undefined
  #isStopped = false

  constructor(options: RegistryOptions) {
    this.#options = options
  }

  /** Loads, and listens for changes of other nodes. */
  async start(): Promise<void> {
    const { bus, db } = this.#options.ground
    await this.#load()
    // Nobody else writes to an exclusive ground.
    if (!db.exclusive) this.#listen(bus)
  }

  stop(): void {
    this.#isStopped = true
    for (const stop of this.#stops) stop()
  }

  get isEmpty(): boolean {
    return this.#endpoints.length === 0
  }

  /** The endpoints as of a version, or later. */
  async at(version: number): Promise<readonly WebhookRow[]> {
    while (this.#version < version) await this.#load()
    return this.#endpoints
  }

  /** Call it after the commit of a change: this node knows it when this resolves, the others soon. */
  async changed(): Promise<void> {
    const { store, ground } = this.#options
    await this.at(await store.version())
    if (!ground.db.exclusive) ground.bus.signal(stream, 'changed')
  }

  /** Many who wait for the same version share one read. */
  #load(): Promise<void> {
    this.#loading ??= this.#read().finally(() => {
      this.#loading = undefined
    })
    return this.#loading
  }

  async #read(): Promise<void> {
    const { version, rows } = await this.#options.store.listEnabled()
    this.#endpoints = rows
    this.#version = version
    if (rows.length > 0 && !this.#isStopped) this.#options.onFirst()
  }

  #listen(bus: Bus): void {
    const catchUp = () => void this.#catchUp()
    this.#stops.push(
      bus.onSignal((signalled) => signalled === stream && catchUp()),
      bus.onGap?.(catchUp) ?? (() => {}),
    )
    this.#poll()
  }

  #poll(): void {
    const stop = this.#options.ground.clock.after(pollMs, () => {
      this.#stops.splice(this.#stops.indexOf(stop), 1)
      void this.#catchUp().then(() => this.#isStopped || this.#poll())
    })
    this.#stops.push(stop)
  }

  async #catchUp(): Promise<void> {
    const { store, onFault } = this.#options
    try {
      if (!this.#isStopped) await this.at(await store.version())
    } catch (error) {
      if (!this.#isStopped) onFault(error, 'threads.webhooks')
    }
  }
}
