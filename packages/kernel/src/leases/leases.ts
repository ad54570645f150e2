import type { Database, Op } from '../db/index.js'
import { kernelErrors } from '../errors/index.js'
import type { Clock, NodeId, StreamId } from '../ids/index.js'
import type { Log } from '../log/index.js'
import { Alarm } from './alarm.js'
import { HeldLease } from './held-lease.js'
import { Line } from './line.js'
import type { Lease, Leases } from './port.js'
import { type Claim, leaseStatements } from './statements.js'

export type LeasesOptions = {
  /** Has the kernel's tables. */
  db: Database
  log: Log
  /** Whom the leases belong to. Its clock should agree with the other nodes' to a fraction of a lease's time. */
  node: NodeId
  clock: Clock
}

const defaultTtlMs = 10_000
const firstDelayMs = 50
const longestDelayMs = 1000

/** A stream without events: its signals say that a lease was given back. */
const wakeStream = (name: string): StreamId => `lease:${name}`

type Attempt = { lease: Lease } | { freeInMs: number }

/** Leases in the table `leases`. */
export function createLeases(options: LeasesOptions): Leases {
  return new TableLeases(options)
}

/**
 * Frees the leases of an earlier process that was killed. Only for a database that nobody else can have open, and before
 * anybody uses its leases.
 */
export async function freeLeftLeases({ db, log }: Pick<LeasesOptions, 'db' | 'log'>): Promise<void> {
  await log.commit({ ops: [leaseStatements(db).releaseAll()], appends: [] })
}

class TableLeases implements Leases {
  readonly #options: LeasesOptions
  readonly #statements: ReturnType<typeof leaseStatements>
  readonly #line = new Line()
  readonly #held = new Set<HeldLease>()
  readonly #alarms = new Set<Alarm>()
  readonly #attempts = new Set<Promise<Attempt>>()
  #closing: Promise<void> | undefined

  constructor(options: LeasesOptions) {
    this.#options = options
    this.#statements = leaseStatements(options.db)
  }

  async acquire(name: string, options: { ttlMs?: number; signal?: AbortSignal } = {}): Promise<Lease> {
    this.#assertOpen()
    const leave = await this.#line.enter(name, options.signal)
    try {
      return await this.#waitFor(name, options.ttlMs ?? defaultTtlMs, options.signal)
    } finally {
      leave()
    }
  }

  async tryAcquire(
    name: string,
    { ttlMs = defaultTtlMs }: { ttlMs?: number } = {},
  ): Promise<Lease | undefined> {
    this.#assertOpen()
    // Whoever waits here came first.
    if (this.#line.isBusy(name)) return undefined
    const attempt = await this.#attempt(name, ttlMs)
    return 'lease' in attempt ? await this.#unlessUnwanted(attempt.lease) : undefined
  }

  async holder(name: string): Promise<{ node: NodeId; epoch: number } | undefined> {
    this.#assertOpen()
    const held = await this.#statements.find(name)
    if (!held || held.expiresAt <= this.#options.clock.micros()) return undefined
    return { node: held.holder, epoch: held.epoch }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    this.#line.clear(closed())
    for (const alarm of this.#alarms) alarm.ring()
    // An attempt that is on its way may still win: its lease is given back as well.
    await Promise.allSettled(this.#attempts)
    await Promise.all([...this.#held].map((lease) => lease.release()))
  }

  async #waitFor(name: string, ttlMs: number, signal?: AbortSignal): Promise<Lease> {
    const alarm = new Alarm()
    const stopTap = this.#options.log.tap(wakeStream(name), { signal: () => alarm.ring() })
    this.#alarms.add(alarm)
    try {
      return await this.#tryUntilFree({ name, ttlMs, signal, alarm })
    } finally {
      this.#alarms.delete(alarm)
      stopTap()
    }
  }

  async #tryUntilFree(wait: {
    name: string
    ttlMs: number
    signal?: AbortSignal
    alarm: Alarm
  }): Promise<Lease> {
    const { name, ttlMs, signal, alarm } = wait
    for (let delayMs = firstDelayMs; ; delayMs = Math.min(delayMs * 2, longestDelayMs)) {
      const attempt = await this.#attempt(name, ttlMs)
      if ('lease' in attempt) return await this.#unlessUnwanted(attempt.lease, signal)
      const rang = await alarm.sleep(this.#options.clock, Math.min(delayMs, attempt.freeInMs), signal)
      signal?.throwIfAborted()
      this.#assertOpen()
      if (rang) delayMs = firstDelayMs / 2
    }
  }

  /** Nobody is there any more to take what was won. */
  async #unlessUnwanted(lease: Lease, signal?: AbortSignal): Promise<Lease> {
    if (!signal?.aborted && !this.#closing) return lease
    await lease.release()
    throw signal?.aborted ? signal.reason : closed()
  }

  async #attempt(name: string, ttlMs: number): Promise<Attempt> {
    const attempt = this.#tryOnce(name, ttlMs)
    this.#attempts.add(attempt)
    try {
      return await attempt
    } finally {
      this.#attempts.delete(attempt)
    }
  }

  async #tryOnce(name: string, ttlMs: number): Promise<Attempt> {
    const { clock, node } = this.#options
    const held = await this.#statements.find(name)
    this.#assertOpen()
    const now = clock.micros()
    if (held && held.expiresAt > now) return { freeInMs: Math.ceil((held.expiresAt - now) / 1000) }
    const since = clock.now()
    const claim = { name, holder: node, epoch: (held?.epoch ?? 0) + 1 }
    const expiresAt = now + ttlMs * 1000
    const op = held
      ? this.#statements.takeOver(claim, expiresAt, now)
      : this.#statements.create(claim, expiresAt)
    if (!(await this.#commit(op))) return { freeInMs: ttlMs }
    return { lease: this.#hold(claim, ttlMs, since) }
  }

  #hold(claim: Claim, ttlMs: number, since: number): Lease {
    const lease = new HeldLease({
      claim,
      ttlMs,
      since,
      clock: this.#options.clock,
      statements: this.#statements,
      commit: (op) => this.#commit(op),
      onEnd: (ended, why) => {
        this.#held.delete(ended)
        if (why === 'released') this.#options.log.signal(wakeStream(ended.name), 'released')
      },
    })
    this.#held.add(lease)
    return lease
  }

  async #commit(op: Op): Promise<boolean> {
    const { outcome } = await this.#options.log.commit({ ops: [op], appends: [] })
    return outcome === 'committed'
  }

  #assertOpen(): void {
    if (this.#closing) throw closed()
  }
}

const closed = () => kernelErrors.closed({ message: 'The leases of this node are closed.' })
