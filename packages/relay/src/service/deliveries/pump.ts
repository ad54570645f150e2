// Sends the entries of one instance on one socket: in order, each once, as fast as it takes and acknowledges them.

import type { Stop } from '@parley/kernel/ids'
import type { InstanceRow } from '../../store/port.js'
import type { GatewayLink, RelayDeps } from '../deps.js'
import { type Batch, readBatch } from './batch.js'
import { DeliveryCounts } from './delivery-counts.js'
import { Recent } from './recent.js'
import { settleSilently } from './settle-silently.js'
import { Window, type WindowOptions } from './window.js'

export type PumpOptions = {
  deps: RelayDeps
  link: GatewayLink
  /** As it is since this socket has it. */
  row: InstanceRow
  acks: WindowOptions['acks']
  /** What waited when it took over is sent no faster than it is acknowledged. */
  hasBacklog: boolean
  /** Somebody else has it now, or it is gone. */
  lost(): void
}

const pauseMs = { first: 250, most: 10_000 }

export class Pump {
  readonly link: GatewayLink
  readonly epoch: number
  readonly #options: PumpOptions
  readonly #deps: RelayDeps
  readonly #window: Window
  readonly #counts: DeliveryCounts
  readonly #recent = new Recent()
  readonly #stopping = new AbortController()
  #stopTap: Stop = () => {}
  #position = 0
  #isRunning = false
  #isWoken = false

  constructor(options: PumpOptions) {
    const { deps, link, row, acks, hasBacklog } = options
    this.link = link
    this.epoch = row.epoch
    this.#options = options
    this.#deps = deps
    this.#window = new Window({
      clock: deps.ground.clock,
      drainWindow: deps.options.limits.drainWindow,
      acks,
      hasBacklog,
      overdue: (bufferIds) => void this.#settle(bufferIds),
    })
    this.#counts = new DeliveryCounts(deps, row)
  }

  /** Listens first and looks second: nothing is missed in between. */
  start(): void {
    const { row, lost } = this.#options
    this.#stopTap = this.#deps.ground.log.tap(row.stream, {
      events: (events) => {
        if (this.#window.room > 0 && !this.link.isCongested) this.#recent.add(events)
        this.wake()
      },
      missed: () => this.wake(),
      gone: () => lost(),
    })
    this.wake()
  }

  /** Nothing is sent after this. */
  stop(): void {
    this.#stopping.abort()
    this.#stopTap()
    this.#window.stop()
    this.#recent.clear()
    this.#counts.flush()
  }

  /** Something may have changed. */
  wake(): void {
    this.#isWoken = true
    if (!this.#isRunning && !this.#isStopped) void this.#run()
  }

  /** The entry is settled. */
  acknowledged(bufferId: string): void {
    this.#counts.forget(bufferId)
    if (this.#window.answered(bufferId)) this.wake()
  }

  /** Of the last entry that was dealt with. */
  get position(): number {
    return this.#position
  }

  get #isStopped(): boolean {
    return this.#stopping.signal.aborted
  }

  async #run(): Promise<void> {
    this.#isRunning = true
    let pause = pauseMs.first
    while (this.#isWoken && !this.#isStopped) {
      this.#isWoken = false
      try {
        await this.#sendAll()
        pause = pauseMs.first
      } catch (error) {
        this.#deps.onFault(error, 'relay.deliveries')
        await this.#wait(pause)
        pause = Math.min(pause * 2, pauseMs.most)
        this.#isWoken = true
      }
    }
    this.#isRunning = false
  }

  async #wait(ms: number): Promise<void> {
    // Rejects when it is stopped meanwhile.
    await this.#deps.ground.clock.sleep(ms, this.#stopping.signal).catch(() => {})
  }

  async #sendAll(): Promise<void> {
    const { row, lost } = this.#options
    for (;;) {
      if (this.link.isCongested) await this.#drained()
      const { room } = this.#window
      if (room === 0) this.#recent.clear()
      if (this.#isStopped || room === 0) return
      const asked = { key: row, stream: row.stream, after: this.#position, room, recent: this.#recent }
      const [now, batch] = await Promise.all([
        this.#deps.store.instances.find(row),
        readBatch(this.#deps, asked),
      ])
      if (this.#isStopped) return
      if (now?.epoch !== this.epoch || now.stream !== row.stream) return lost()
      if (!batch) return void this.#window.emptied()
      this.#send(batch)
      await this.#forget(batch)
    }
  }

  async #drained(): Promise<void> {
    this.#recent.clear()
    await this.link.drained()
  }

  /** Without a pause: whoever stops the pump knows that nothing follows. */
  #send({ pending, upTo }: Batch): void {
    for (const { entry, text } of pending) {
      // The rest is read again when the socket has taken what waits.
      if (this.link.isCongested) return
      const { bufferId, kind, position } = entry
      this.#position = position
      if (text === undefined) continue
      if (kind === 'inbound') this.#window.sent(bufferId)
      this.link.send(text)
      this.#recent.forget(bufferId)
      this.#counts.add(bufferId)
    }
    this.#position = upTo
    // Forwards are hardly ever acknowledged, and how often they were sent decides.
    if (pending.some(({ entry }) => entry.kind === 'passthrough')) this.#counts.flush()
  }

  /** What can't be sent any more; nobody waits for it. */
  async #forget({ pending, worn }: Batch): Promise<void> {
    const lost = pending.filter(({ text }) => text === undefined).map(({ entry }) => entry)
    const { ground, store, tally } = this.#deps
    const ops = [...worn, ...lost].map(({ bufferId }) => store.entries.settle(this.#options.row, bufferId))
    if (ops.length === 0) return
    await ground.log.commit({ ops, appends: [] })
    tally.count('buffer.dropped', ops.length)
  }

  async #settle(bufferIds: readonly string[]): Promise<void> {
    const isSettled = await settleSilently(this.#deps, this.#options.row, bufferIds, () => this.#maySettle)
    if (!isSettled) return
    for (const bufferId of bufferIds) this.#window.forget(bufferId)
    this.wake()
  }

  get #maySettle(): boolean {
    return !this.#isStopped && this.link.isOpen && !this.#window.isAcking
  }
}
