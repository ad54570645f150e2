import { isParleyError } from '@parley/kernel/errors'
import type { Stop } from '@parley/kernel/ids'
import type { Principal } from '@parley/kernel/principal'
import type { Connection } from '@parley/kernel/socket'
import { type Channel, type TerminalSignal, tagOfTerminal } from '../protocol/index.js'
import { terminalFrame } from '../protocol/ws/frames.js'
import type { SessionsService } from '../service/port.js'
import { InOrder } from './in-order.js'
import { hasRoom } from './replay.js'

export type TerminalsContext = {
  terminals: SessionsService['terminals']
  instance: string
  connection: Connection
  by: Principal
  /** A subscription that was refused: it does not count. */
  refused(channel: Channel, error: unknown): void
  /** The client asks faster than it can be answered. */
  tooFast(): void
  onFault(error: unknown): void
}

/** Subscriptions that wait: a client that goes on asking is not remembered for ever. */
const maxJobs = 1_000

/** Signals that wait while what is kept is read; with more of them it is read again. */
const maxMeanwhile = 1_000

/** One connection's place in the terminals of an instance: what is kept, then live. A gap in what comes live is read again. */
export class TerminalsPart {
  readonly #context: TerminalsContext
  readonly #jobs: InOrder
  readonly #channels = new Set<Channel>()
  #stopTap: Stop | undefined
  /** Number of the newest event that was handed over, or was for none of the channels. */
  #last = 0
  /** True while `#last` is only what the client said: it may be wrong. */
  #isGuessed = false
  /** Live signals that wait; undefined while they are sent at once. */
  #meanwhile: TerminalSignal[] | undefined

  constructor(context: TerminalsContext) {
    this.#context = context
    this.#jobs = new InOrder((error) => context.onFault(error))
  }

  subscribe(channel: Channel, since: number): void {
    void this.#run(() =>
      this.#subscribe(channel, since).catch((error: unknown) => this.#context.refused(channel, error)),
    )
  }

  /** Resolves when nothing more of the channel comes. */
  unsubscribe(channel: Channel): Promise<void> {
    return this.#run(() => {
      this.#channels.delete(channel)
      if (this.#channels.size === 0) this.stop()
    })
  }

  stop(): void {
    this.#stopTap?.()
    this.#stopTap = undefined
    this.#meanwhile = undefined
    this.#last = 0
  }

  #run(job: () => Promise<void> | void): Promise<void> {
    if (this.#jobs.waiting < maxJobs) return this.#jobs.run(job)
    this.#context.tooFast()
    return Promise.resolve()
  }

  async #subscribe(channel: Channel, since: number): Promise<void> {
    const isFirst = this.#stopTap === undefined
    this.#meanwhile ??= []
    try {
      await this.#tap()
      const before = new Set(this.#channels)
      if (isFirst) this.#last = since
      this.#isGuessed ||= isFirst
      const last = this.#last
      const isDue = ({ seq }: TerminalSignal, id: string) =>
        (seq > last && tagOfTerminal(id, before)) || (seq > since && tagOfTerminal(id, new Set([channel])))
      const isTruncated = await this.#sendKept(Math.min(since, last), isDue)
      this.#channels.add(channel)
      this.#send({ type: 'subscribed', channel, ...(isTruncated && { truncated: true }) })
    } finally {
      this.#goLive()
      if (this.#channels.size === 0) this.stop()
    }
  }

  async #tap(): Promise<void> {
    if (this.#stopTap) return
    const { terminals, by, instance, connection } = this.#context
    const stop = await terminals.tap(by, instance, (signal) => this.#heard(signal))
    if (connection.isOpen) this.#stopTap = stop
    else stop()
  }

  /** Sends what its host keeps; true when some of it is gone. A host that is away keeps it for later. */
  async #sendKept(
    since: number,
    isDue: (signal: TerminalSignal, terminalId: string) => unknown,
  ): Promise<boolean> {
    const { terminals, by, instance, connection } = this.#context
    const { events, truncated } = await terminals.kept(by, instance, since).catch((error: unknown) => {
      if (isParleyError(error) && error.retryable) return { events: [], truncated: false }
      throw error
    })
    for (const signal of events) {
      await hasRoom(connection)
      this.#last = Math.max(this.#last, signal.seq)
      this.#isGuessed = false
      if (isDue(signal, terminalOf(signal))) this.#sendSignal(signal)
    }
    return truncated
  }

  #heard(signal: TerminalSignal): void {
    if (this.#meanwhile) {
      // The newest in any case: it shows the gap before it.
      this.#meanwhile[Math.min(this.#meanwhile.length, maxMeanwhile - 1)] = signal
      return
    }
    if (this.#isGuessed) this.#last = Math.min(this.#last, signal.seq - 1)
    this.#isGuessed = false
    if (signal.seq <= this.#last) return
    const isGap = signal.seq > this.#last + 1
    if (isGap || this.#context.connection.isCongested) this.#readAgain(signal)
    else this.#take(signal)
  }

  #readAgain(from: TerminalSignal): void {
    this.#meanwhile = [from]
    void this.#jobs.run(() => this.#repair())
  }

  async #repair(): Promise<void> {
    try {
      await hasRoom(this.#context.connection)
      await this.#sendKept(this.#last, (_, terminalId) => tagOfTerminal(terminalId, this.#channels))
    } finally {
      // The first that waits is the one that showed the gap: what its host does not keep is gone.
      const first = this.#meanwhile?.shift()
      if (first) this.#take(first)
      this.#goLive()
    }
  }

  #goLive(): void {
    const meanwhile = this.#meanwhile ?? []
    this.#meanwhile = undefined
    for (const signal of meanwhile) this.#heard(signal)
  }

  #take(signal: TerminalSignal): void {
    if (signal.seq <= this.#last) return
    this.#last = signal.seq
    if (tagOfTerminal(terminalOf(signal), this.#channels)) this.#sendSignal(signal)
  }

  #sendSignal(signal: TerminalSignal): void {
    const frame = terminalFrame(signal)
    if (frame !== undefined) this.#context.connection.send(frame)
  }

  #send(message: object): void {
    this.#context.connection.send(JSON.stringify(message))
  }
}

const terminalOf = ({ event }: TerminalSignal): string => String(event.data.terminalId)
