import { kernelErrors } from '../errors/index.js'
import type { Clock, Micros, Stop } from '../ids/index.js'
import { Alarm } from '../leases/alarm.js'
import type { Log } from '../log/index.js'
import type { DecisionLimits } from './limits.js'
import type { DecisionHandler, OpenDecision } from './port.js'
import type { DecisionStatements } from './statements.js'

export type ExpiryOptions = {
  log: Pick<Log, 'commit'>
  clock: Clock
  statements: DecisionStatements
  limits: DecisionLimits
  onFault(error: unknown, where: string): void
}

/**
 * Expires what is due, of the kinds that have a handler here. The table is the truth: it sleeps until the next deadline in
 * it, or one it was told of, and never longer than a limit, since other nodes ask as well.
 */
export class Expiry {
  readonly #options: ExpiryOptions
  readonly #handlers = new Map<string, { handler: DecisionHandler }>()
  readonly #alarm = new Alarm()
  readonly #closing = new AbortController()
  /** The earliest deadline that was asked for here and may not be in the table yet. */
  #noted: Micros = Number.POSITIVE_INFINITY
  /** When the sleep ends; 0 while there is none. */
  #wakesAt: Micros = 0
  #running: Promise<void> | undefined

  constructor(options: ExpiryOptions) {
    this.#options = options
  }

  register(kind: string, handler: DecisionHandler): Stop {
    if (this.#handlers.has(kind))
      throw kernelErrors.invalidRequest({
        message: `Decisions of the kind "${kind}" have a handler already.`,
      })
    const entry = { handler }
    this.#handlers.set(kind, entry)
    this.#alarm.ring()
    return () => {
      if (this.#handlers.get(kind) === entry) this.#handlers.delete(kind)
    }
  }

  /** Somebody is about to ask something with this deadline. */
  note(deadline: Micros): void {
    this.#noted = Math.min(this.#noted, deadline)
    if (deadline < this.#wakesAt) this.#alarm.ring()
  }

  start(): void {
    if (!this.#closing.signal.aborted) this.#running ??= this.#run()
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#running
  }

  async #run(): Promise<void> {
    const { clock } = this.#options
    while (!this.#closing.signal.aborted) {
      const next = await this.#sweep()
      this.#wakesAt = Math.min(next, this.#noted)
      const pauseMs = Math.ceil((this.#wakesAt - clock.micros()) / 1000)
      // Something fell due while it looked: on it goes.
      if (pauseMs > 0) await this.#alarm.sleep(clock, pauseMs, this.#closing.signal)
      this.#wakesAt = 0
    }
  }

  /** Expires what is due; answers when to look again. */
  async #sweep(): Promise<Micros> {
    const { clock, limits, statements } = this.#options
    if (this.#noted <= clock.micros()) this.#noted = Number.POSITIVE_INFINITY
    const kinds: string[] = []
    // Each kind for itself: a handler that fails holds up nobody else's decisions.
    for (const [kind, { handler }] of this.#handlers)
      if (await this.#succeeds(() => this.#sweepKind(kind, handler), `decisions.expire ${kind}`))
        kinds.push(kind)
    let next: Micros | undefined
    const hasLooked = await this.#succeeds(async () => {
      next = await statements.nextDeadline(kinds)
    }, 'decisions.next')
    const isWhole = hasLooked && kinds.length === this.#handlers.size
    const latest = clock.micros() + (isWhole ? limits.longestPauseMs : limits.retryMs) * 1000
    return Math.min(latest, next ?? latest)
  }

  async #succeeds(work: () => Promise<void>, where: string): Promise<boolean> {
    try {
      await work()
      return true
    } catch (error) {
      this.#options.onFault(error, where)
      return false
    }
  }

  async #sweepKind(kind: string, handler: DecisionHandler): Promise<void> {
    const { clock, statements, limits } = this.#options
    while (!this.#closing.signal.aborted) {
      const due = await statements.due(kind, clock.micros(), limits.maxBatch)
      // Together: the log commits them as one group.
      const results = await Promise.allSettled(due.map((decision) => this.#expire(decision, handler)))
      for (const result of results) if (result.status === 'rejected') throw result.reason
      if (due.length < limits.maxBatch) return
    }
  }

  async #expire(decision: OpenDecision, handler: DecisionHandler): Promise<void> {
    const { log, clock, statements } = this.#options
    const appends = handler.expired({ ...decision, state: 'expired' })
    if (!appends.some(({ stream }) => stream === decision.stream))
      throw new Error(
        `The expiry of ${decision.id} appends nothing to ${decision.stream}: nobody would learn of it.`,
      )
    const ops = [statements.expire(decision.id, clock.micros())]
    const { outcome } = await log.commit({ ops, appends })
    // Refused: somebody answered, or another node was faster.
    if (outcome === 'replayed')
      throw new Error(`A retry key in the expiry of ${decision.id} was used before: it can not expire.`)
  }
}
