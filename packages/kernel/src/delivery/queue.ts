import type { Database } from '../db/index.js'
import { kernelErrors } from '../errors/index.js'
import type { Clock, Ids } from '../ids/index.js'
import { Alarm } from '../leases/alarm.js'
import type { Log } from '../log/index.js'
import { attemptWith } from './attempt.js'
import type { Delivery, DeliveryQueue, QueueOptions, Send, SendOutcome } from './port.js'
import { toDelivery } from './rows.js'
import type { Claimed, OutboxStatements, Wanted } from './statements.js'
import { toVerdict } from './verdict.js'

/** What a worker stands on. */
export type QueueDeps = {
  db: Database
  log: Log
  clock: Clock
  ids: Ids
  random(): number
  statements: OutboxStatements
  onFault(error: unknown, where: string): void
  /** Told when the worker has stopped. */
  onStopped(worker: DeliveryQueue): void
}

type Held = Claimed & { delivery: Delivery; failures: number }

const [second, minute, hour] = [1000, 60_000, 3_600_000]

const defaults: Required<QueueOptions> = {
  concurrency: 8,
  ordered: false,
  perSubject: Number.POSITIVE_INFINITY,
  sendWithinMs: minute,
  claimMs: 90 * second,
  pausesMs: [5 * second, 30 * second, 2 * minute, 10 * minute, hour, 6 * hour],
  pollMs: 5 * second,
  graceMs: 10 * second,
}

const tooOld: SendOutcome = { outcome: 'dead', error: 'It was too old to be sent.' }

/** How long one that was parked in vain waits at most. */
const stuckForMs = 30 * second

/** Claims what is due and sends it; claims are rows, so that many workers on many nodes share a queue. */
export class QueueWorker implements DeliveryQueue {
  readonly #name: string
  readonly #deps: QueueDeps
  readonly #options: Required<QueueOptions>
  readonly #alarm = new Alarm()
  readonly #cut = new AbortController()
  readonly #flights = new Set<Promise<void>>()
  /** How many are under way, by subject. */
  readonly #subjects = new Map<string, number>()
  #lookedForStuckAt = Number.NEGATIVE_INFINITY
  #running: Promise<void> | undefined
  #stopping: Promise<void> | undefined

  constructor(name: string, deps: QueueDeps, options: QueueOptions) {
    this.#name = name
    this.#deps = deps
    this.#options = { ...defaults, ...options }
    assertSensible(this.#options)
  }

  start({ send }: { send: Send }): void {
    if (this.#running || this.#stopping)
      throw kernelErrors.closed({ message: 'This queue was started before.' })
    this.#running = this.#run(send)
  }

  nudge(): void {
    this.#alarm.ring()
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop()
    return this.#stopping
  }

  async #stop(): Promise<void> {
    const stopTimer = this.#deps.clock.after(this.#options.graceMs, () => this.#cut.abort())
    this.#alarm.ring()
    await this.#running
    await Promise.all(this.#flights)
    stopTimer()
    this.#deps.onStopped(this)
  }

  async #run(send: Send): Promise<void> {
    while (!this.#stopping) {
      const waitMs = await this.#takeDue(send).catch((error: unknown) => {
        this.#deps.onFault(error, 'delivery.queue')
        return this.#options.pollMs
      })
      if (waitMs > 0 && !this.#stopping) await this.#alarm.sleep(this.#deps.clock, waitMs)
    }
  }

  /** Begins to send what is due, as far as there is room; answers when to look again, in milliseconds. */
  async #takeDue(send: Send): Promise<number> {
    const { concurrency, perSubject, pollMs } = this.#options
    const { db, clock, statements } = this.#deps
    const free = Math.min(concurrency - this.#flights.size, perSubject)
    if (free <= 0) return pollMs
    await this.#releaseStuck()
    const [next] = await db.read(statements.nextDue(this.#wanted()))
    const dueInMs = next ? Math.ceil((Number(next.next_at) - clock.micros()) / 1000) : pollMs
    if (dueInMs > 0 || this.#stopping) return Math.min(dueInMs, pollMs)
    const held = await this.#claim(free)
    for (const one of held) this.#begin(one, send)
    // Due and yet not to be had: another worker is taking it.
    return held.length === 0 ? pollMs : 0
  }

  #wanted(): Wanted {
    const { ordered, perSubject } = this.#options
    const busy = [...this.#subjects].filter(([, count]) => count >= perSubject).map(([subject]) => subject)
    return { queue: this.#name, ordered, busy }
  }

  /** WHY: a delivery that was stored by one node while another ended the one before it may wait for nobody. */
  async #releaseStuck(): Promise<void> {
    const { db, log, clock, statements } = this.#deps
    if (!this.#options.ordered || clock.now() - this.#lookedForStuckAt < stuckForMs) return
    const rows = await db.read(statements.stuck(this.#name))
    const positions = rows.map(({ position }) => Number(position))
    if (rows.length > 0)
      await log.commit({ ops: [statements.unpark(positions, clock.micros())], appends: [] })
    this.#lookedForStuckAt = clock.now()
  }

  async #claim(limit: number): Promise<Held[]> {
    const { db, log, clock, ids, statements } = this.#deps
    const [claim, now] = [ids.next('clm'), clock.micros()]
    const until = now + this.#options.claimMs * 1000
    await log.commit({
      ops: [statements.claim({ ...this.#wanted(), claim, now, until, limit })],
      appends: [],
    })
    const rows = await db.read(statements.claimed(claim))
    return rows.map((row) => ({
      id: row.id,
      claim,
      delivery: toDelivery(row),
      failures: Number(row.failures),
    }))
  }

  #begin(held: Held, send: Send): void {
    const { subject } = held.delivery
    this.#count(subject, 1)
    const flight = this.#deliver(held, send)
      .catch((error: unknown) => this.#deps.onFault(error, 'delivery.queue'))
      .finally(() => {
        this.#flights.delete(flight)
        this.#count(subject, -1)
        this.#alarm.ring()
      })
    this.#flights.add(flight)
  }

  #count(subject: string | undefined, change: 1 | -1): void {
    if (subject === undefined) return
    const count = (this.#subjects.get(subject) ?? 0) + change
    if (count > 0) this.#subjects.set(subject, count)
    else this.#subjects.delete(subject)
  }

  async #deliver(held: Held, send: Send): Promise<void> {
    const { clock, log, statements, random } = this.#deps
    const { delivery, failures } = held
    const at = clock.micros()
    const outcome = await this.#attempt(held, send)
    const now = clock.micros()
    if (!outcome) {
      await log.commit({ ops: [statements.giveBack(held, now)], appends: [] })
      return
    }
    const { expiresAt, attempts: number } = delivery
    const verdict = toVerdict({ outcome, failures, now, expiresAt, pausesMs: this.#options.pausesMs, random })
    const error = verdict.state === 'sent' ? undefined : verdict.error
    const attempt = { number, at, durationMs: Math.round((now - at) / 1000), status: verdict.status, error }
    // A refusal means that the claim had ended: what became of the delivery is another worker's business.
    const ops = statements.settle(held, verdict, attempt, now)
    const isOver = verdict.state !== 'waiting' && this.#options.ordered
    await log.commit({ ops: isOver ? [...ops, statements.releaseFirst(delivery, now)] : ops, appends: [] })
  }

  /** The outcome, or nothing when the queue was stopped first. */
  async #attempt({ delivery }: Held, send: Send): Promise<SendOutcome | undefined> {
    const { clock, onFault } = this.#deps
    if (this.#stopping) return undefined
    if (delivery.expiresAt <= clock.micros()) return tooOld
    const claimedAt = (delivery.nextAt ?? 0) / 1000 - this.#options.claimMs
    const withinMs = claimedAt + this.#options.sendWithinMs - clock.now()
    return attemptWith(send, delivery, { clock, withinMs, cut: this.#cut.signal, onFault })
  }
}

function assertSensible({
  concurrency,
  perSubject,
  sendWithinMs,
  claimMs,
  pausesMs,
  pollMs,
}: Required<QueueOptions>) {
  if (concurrency < 1 || perSubject < 1 || pausesMs.length === 0 || pollMs <= 0)
    throw kernelErrors.invalidRequest({ message: 'A queue needs room, a pause and a poll time.' })
  if (sendWithinMs >= claimMs)
    throw kernelErrors.invalidRequest({ message: 'A claim has to be longer than the attempt it covers.' })
}
